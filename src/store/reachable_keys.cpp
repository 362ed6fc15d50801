#include "store/reachable_keys.hpp"

#include <algorithm>

#include "base/try.hpp"

namespace prov::store {
namespace {

// More neighbours than this are not lost to one damaged page.
constexpr std::int64_t kLongestGap = 1'000'000;

Result<std::vector<std::int64_t>> keys_by_id(const Database& database) {
  PROV_TRY(Statement select, database.prepare("SELECT key FROM model ORDER BY id"));
  std::vector<std::int64_t> keys;
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return keys;
    keys.push_back(select.number(0));
  }
}

// Asks for the next key again and again; where a page cannot be read, for the key after it.
Result<std::vector<std::int64_t>> keys_around_damage(const Database& database) {
  PROV_TRY(const std::int64_t last,
           database.number("SELECT max(seq) FROM sqlite_sequence WHERE name = 'model'"));
  PROV_TRY(Statement next, database.prepare("SELECT key FROM model NOT INDEXED WHERE key > ?1 "
                                            "ORDER BY key LIMIT 1"));
  std::vector<std::int64_t> keys;
  std::int64_t at = 0, gap = 0;
  while (at < last && gap < kLongestGap) {
    const Result<bool> row = next.bind(1, at).step();
    if (row && !*row) break;
    if (!row) {
      ++at;
      ++gap;
      continue;
    }
    const std::int64_t key = next.number(0);
    next.reset();
    if (key <= at) break;  // a damaged tree may lead in circles
    keys.push_back(at = key);
    gap = 0;
  }
  return keys;
}

}  // namespace

ReachableKeys reachable_keys(const Database& database) {
  Result<std::vector<std::int64_t>> listed = keys_by_id(database);
  if (listed) return {*std::move(listed), ""};
  ReachableKeys reached{{}, listed.error().message};
  if (Result<std::vector<std::int64_t>> found = keys_around_damage(database))
    reached.keys = *std::move(found);
  return reached;
}

}  // namespace prov::store
