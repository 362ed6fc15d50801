#include "search/akin_records.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "search/code_candidates.hpp"
#include "search/word_candidates.hpp"
#include "store/fingerprint_record.hpp"

namespace prov::search {
namespace {

/// Of each kind. Comparing two standard parts takes some 0.1 s of a processor for large models.
constexpr std::size_t kMostByWords = 12, kMostByCode = 8, kMostEqual = 8;
/// Between models of one small vocabulary a few words are shared by chance (docs/fingerprint.md).
constexpr std::uint64_t kFewestShared = 4;
/// Standard deviations below the half of the bits that chance leaves different. The codes of
/// strangers stay within 4; a candidate is only compared, so that the line may be low.
constexpr double kCodeDeviations = 5;

bool is_near(std::uint64_t distance, std::size_t words) {
  const double bits = 64 * static_cast<double>(words);
  return static_cast<double>(distance) < bits / 2 - kCodeDeviations * std::sqrt(bits) / 2;
}

}  // namespace

Result<std::vector<std::int64_t>> akin_records(const store::Store& store,
                                               const fingerprint::Sketch& query,
                                               std::vector<Error>& damaged) {
  std::set<std::int64_t> keys;
  PROV_TRY(const std::vector<std::int64_t> equal,
           store.keys_of_content(store::content_key_of(query.weights)));
  keys.insert(equal.begin(),
              equal.begin() + static_cast<std::ptrdiff_t>(std::min(equal.size(), kMostEqual)));

  WordSearchLimits limits;
  limits.candidates = 4 * kMostByWords;
  PROV_TRY(const WordSearch by_words, find_by_words(store, query.words, limits, damaged));
  std::size_t taken = 0;
  for (const WordCandidate& candidate : by_words.candidates) {
    if (candidate.shared_words < kFewestShared || taken == kMostByWords) continue;
    keys.insert(candidate.key);
    ++taken;
  }

  const std::vector<std::uint64_t> code = store::code_of(query);
  PROV_TRY(const std::vector<CodeMatch> by_code,
           find_by_code(store, code, kMostByCode, base::worker_count()));
  for (const CodeMatch& match : by_code) {
    if (is_near(match.distance, code.size())) keys.insert(static_cast<std::int64_t>(match.id));
  }
  return std::vector<std::int64_t>(keys.begin(), keys.end());
}

bool have_near_codes(const fingerprint::Sketch& a, const fingerprint::Sketch& b) {
  const std::vector<std::uint64_t> one = store::code_of(a), other = store::code_of(b);
  if (one.size() != other.size()) return false;
  std::uint64_t distance = 0;
  for (std::size_t i = 0; i < one.size(); ++i)
    distance += static_cast<std::uint64_t>(std::popcount(one[i] ^ other[i]));
  return is_near(distance, one.size());
}

}  // namespace prov::search
