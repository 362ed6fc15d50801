#pragma once

#include <vector>

#include "store/database.hpp"

namespace prov::store {

/// Keys of the records of a database, ascending by id; where pages are damaged, those of the
/// records that can still be reached, ascending. `damage` then says what is wrong with the list.
struct ReachableKeys {
  std::vector<std::int64_t> keys;
  std::string damage;  // empty: none
};
ReachableKeys reachable_keys(const Database& database);

}  // namespace prov::store
