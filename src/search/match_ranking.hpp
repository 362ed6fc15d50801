#pragma once

#include <cstddef>
#include <vector>

#include "provenancekit/scan.hpp"

namespace prov::search {

/// Proof by weights comes first: copies, then relatives, then what was made from the scanned model,
/// then shared initialisations; of these the closest relation, then the one with most common
/// neuron words, then the strongest test. Matches whose weights say nothing follow by the kit's
/// pipeline score; those that their weights show to be independent come last. Ties: the higher
/// identity score.
bool stands_before(const ScanMatch& a, const ScanMatch& b);

/// Keeps the best matches of a long row; ties in the order of add(). Memory: a few times top_k.
class MatchRanking {
 public:
  /// `options` must outlive it.
  explicit MatchRanking(const ScanOptions& options) : options_(&options) {}

  /// Leaves out what is below the threshold without a proof, and relations not asked for.
  void add(ScanMatch match);
  /// How many would be matches, were their relation asked for.
  std::size_t unwanted() const { return unwanted_; }
  /// At most top_k, best first. Not to be used afterwards.
  std::vector<ScanMatch> take() &&;

 private:
  void keep_best();

  const ScanOptions* options_;
  std::vector<ScanMatch> matches_;  // sorted up to the last keep_best()
  std::size_t unwanted_ = 0;
};

}  // namespace prov::search
