#include "search/word_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/try.hpp"
#include "fingerprint/neuron_words.hpp"
#include "store/word_index.hpp"

namespace prov::search {
namespace {

/// Longest list of models read in the first round; each round reads lists this much longer.
constexpr std::uint64_t kFirstList = 64, kGrowth = 8;

std::vector<std::uint64_t> ascending_set(std::span<const std::uint64_t> words) {
  std::vector<std::uint64_t> set(words.begin(), words.end());
  std::ranges::sort(set);
  set.erase(std::unique(set.begin(), set.end()), set.end());
  return set;
}

/// Reads lists of models, the shortest first, and adds up what they tell of each model.
class ListReader {
 public:
  static Result<ListReader> open(const store::Store& store) {
    PROV_TRY(const std::uint64_t models, store.count());
    PROV_TRY(store::WordLists lists, store::WordLists::open(store));
    return ListReader(std::move(lists), static_cast<double>(models));
  }

  /// Returns the words whose lists were not read to their end.
  Result<std::vector<std::uint64_t>> read(std::vector<std::uint64_t> words,
                                          const WordSearchLimits& limits) {
    std::size_t done = 0;
    for (std::uint64_t longest = kFirstList; !words.empty(); longest *= kGrowth) {
      std::vector<std::uint64_t> longer;
      for (const std::uint64_t word : words) {
        const bool may_read = read_ < limits.postings || done < limits.fewest_words;
        PROV_TRY(const bool whole, may_read ? read_list(word, longest) : Result<bool>(false));
        if (whole)
          ++done;
        else
          longer.push_back(word);
      }
      words = std::move(longer);
      if (read_ >= limits.postings && done >= limits.fewest_words) break;
    }
    return words;
  }

  std::vector<std::int64_t> best(std::size_t count) const {
    std::vector<std::pair<double, std::int64_t>> sorted;
    for (const auto& [key, information] : information_) sorted.emplace_back(-information, key);
    const std::size_t kept = std::min(count, sorted.size());
    std::partial_sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(kept),
                      sorted.end());
    std::vector<std::int64_t> keys;
    for (std::size_t i = 0; i < kept; ++i) keys.push_back(sorted[i].second);
    return keys;
  }

  std::uint64_t read_postings() const { return read_; }

 private:
  ListReader(store::WordLists lists, double models) : lists_(std::move(lists)), models_(models) {}

  /// False where the list is longer than `longest`; then it counts for nothing.
  Result<bool> read_list(std::uint64_t word, std::uint64_t longest) {
    PROV_TRY(const bool whole, lists_.read(word, longest, list_));
    read_ += list_.size();
    if (!whole) return false;
    if (list_.empty()) return true;
    // One more model than there are, so that a word that all have still tells a little.
    const double information = std::log((models_ + 1) / static_cast<double>(list_.size()));
    for (const std::int64_t key : list_) information_[key] += information;
    return true;
  }

  store::WordLists lists_;
  double models_;
  std::uint64_t read_ = 0;
  std::vector<std::int64_t> list_;
  std::unordered_map<std::int64_t, double> information_;
};

Result<WordCandidate> compare(const store::Store& store, std::int64_t key,
                              std::span<const std::uint64_t> words) {
  PROV_TRY(const auto bytes, store.part(key, store::kWordsPart));
  PROV_TRY(const std::vector<std::uint64_t> theirs,
           bytes ? store::decode_words(*bytes) : std::vector<std::uint64_t>());
  WordCandidate candidate{.key = key, .words = theirs.size()};
  candidate.shared_words = fingerprint::shared_words(words, theirs);
  const std::size_t fewer = std::min(words.size(), theirs.size());
  if (fewer > 0)
    candidate.share = static_cast<double>(candidate.shared_words) / static_cast<double>(fewer);
  return candidate;
}

}  // namespace

Result<WordSearch> find_by_words(const store::Store& store, std::span<const std::uint64_t> words,
                                 const WordSearchLimits& limits, std::vector<Error>& damaged) {
  const std::vector<std::uint64_t> asked = ascending_set(words);
  PROV_TRY(const store::Transaction one_state,
           store::Transaction::begin(store.database(), store::Transaction::Kind::read));
  PROV_TRY(ListReader lists, ListReader::open(store));
  PROV_TRY(const std::vector<std::uint64_t> unread, lists.read(asked, limits));
  WordSearch result{.read_postings = lists.read_postings(), .stop_words = unread.size()};
  for (const std::int64_t key : lists.best(limits.candidates)) {
    const Result<WordCandidate> candidate = compare(store, key, asked);
    if (!candidate) {
      damaged.push_back(candidate.error());
    } else if (candidate->shared_words > 0) {
      result.candidates.push_back(*candidate);
    }
  }
  std::ranges::sort(result.candidates, [](const WordCandidate& a, const WordCandidate& b) {
    return a.share != b.share ? a.share > b.share : a.key < b.key;
  });
  return result;
}

}  // namespace prov::search
