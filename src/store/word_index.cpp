// The inverted index: words lead to models.
#include "store/word_index.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>

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

Result<WordMatches> Store::models_of_words(std::span<const std::uint64_t> words,
                                           std::uint64_t stop_above) const {
  std::vector<std::uint64_t> asked(words.begin(), words.end());
  std::ranges::sort(asked);  // also the order of the index: neighbours share pages
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());

  PROV_TRY(const Transaction one_state, Transaction::begin(*database_, Transaction::Kind::read));
  // One row more than allowed is enough to know a stop word.
  PROV_TRY(Statement select, database_->prepare("SELECT model FROM word WHERE word = ?1 LIMIT ?2"));
  const auto limit = static_cast<std::int64_t>(std::min<std::uint64_t>(stop_above, INT64_MAX - 1));
  WordMatches matches;
  std::unordered_map<std::int64_t, std::uint64_t> shared;
  std::vector<std::int64_t> models;
  for (const std::uint64_t word : asked) {
    select.bind(1, std::bit_cast<std::int64_t>(word)).bind(2, limit + 1);
    models.clear();
    for (;;) {
      PROV_TRY(const bool row, select.step());
      if (!row) break;
      models.push_back(select.number(0));
    }
    if (models.size() > stop_above) {
      ++matches.stop_words;
      continue;
    }
    for (const std::int64_t model : models) ++shared[model];
  }
  matches.models.reserve(shared.size());
  for (const auto& [key, count] : shared) matches.models.push_back({key, count});
  std::ranges::sort(matches.models, [](const WordMatch& a, const WordMatch& b) {
    return a.words != b.words ? a.words > b.words : a.key < b.key;
  });
  return matches;
}

}  // namespace prov::store
