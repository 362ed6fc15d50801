// The inverted index: words lead to models.
#include "store/word_index.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/try.hpp"

namespace prov::store {
namespace {

struct Row {
  std::int64_t word, model;
  friend auto operator<=>(const Row&, const Row&) = default;
};

/// Rows held at a time.
constexpr std::uint64_t kRowsAtATime = 256 * 1024 * 1024 / sizeof(Row);

/// Rows whose word, as SQLite orders it, is in [first, last], ascending.
Result<std::vector<Row>> rows_between(const Store& store, std::int64_t first, std::int64_t last) {
  std::vector<Row> rows;
  PROV_CHECK(store.for_each_part(
      kWordsPart,
      [&](std::int64_t model, const Result<std::span<const std::byte>>& bytes) -> Result<bool> {
        if (!bytes) return bytes.error();
        PROV_TRY(const std::vector<std::uint64_t> words, decode_words(*bytes));
        for (const std::uint64_t unsigned_word : words) {
          const auto word = std::bit_cast<std::int64_t>(unsigned_word);
          if (first <= word && word <= last) rows.push_back({word, model});
        }
        return true;
      }));
  std::ranges::sort(rows);
  return rows;
}

}  // namespace

Result<void> rebuild_word_index(const Store& store) {
  const Database& database = store.database();
  PROV_TRY(Transaction all, Transaction::begin(database, Transaction::Kind::write));
  PROV_CHECK(database.run("DELETE FROM word"));
  PROV_TRY(const std::int64_t count, database.number("SELECT sum(word_count) FROM model"));
  // Words are hashes, so equal ranges hold about equally many.
  const std::uint64_t passes = static_cast<std::uint64_t>(count) / (kRowsAtATime * 9 / 10) + 1;
  const std::uint64_t width = UINT64_MAX / passes;
  PROV_TRY(Statement add, database.prepare("INSERT INTO word VALUES (?1, ?2)"));
  for (std::uint64_t pass = 0; pass < passes; ++pass) {
    const bool is_last = pass + 1 == passes;
    const auto bound = [&](std::uint64_t i) {  // from the least number up
      return std::bit_cast<std::int64_t>(i * width + (std::uint64_t{1} << 63U));
    };
    PROV_TRY(const std::vector<Row> rows,
             rows_between(store, bound(pass), is_last ? INT64_MAX : bound(pass + 1) - 1));
    for (const Row& row : rows) PROV_CHECK(add.bind(1, row.word).bind(2, row.model).run());
  }
  return all.commit();
}

Result<WordLists> WordLists::open(const Store& store) {
  PROV_TRY(Statement select,
           store.database().prepare("SELECT model FROM word WHERE word = ?1 LIMIT ?2"));
  return WordLists(std::move(select));
}

Result<bool> WordLists::read(std::uint64_t word, std::uint64_t longest,
                             std::vector<std::int64_t>& models) {
  // One row more than wanted is enough to know a longer list.
  const auto limit = static_cast<std::int64_t>(std::min<std::uint64_t>(longest, INT64_MAX - 1));
  select_.bind(1, std::bit_cast<std::int64_t>(word)).bind(2, limit + 1);
  models.clear();
  for (;;) {
    PROV_TRY(const bool row, select_.step());
    if (!row) return models.size() <= longest;
    models.push_back(select_.number(0));
  }
}

}  // namespace prov::store
