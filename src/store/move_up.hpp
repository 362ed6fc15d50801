#pragma once

#include "store/database.hpp"

namespace prov::store {

/// What SQL alone cannot do of migration 3: takes the words and codes out of the parts that repeat
/// them, fills the list of codes and makes the word index. In the transaction of the caller. What
/// is damaged stays as it is, for verify() to name.
Result<void> store_once(const Database& database);

}  // namespace prov::store
