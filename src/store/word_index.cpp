// The inverted index: words lead to models.
#include <algorithm>
#include <bit>
#include <unordered_map>

#include "base/try.hpp"
#include "store/store.hpp"

namespace prov::store {

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
