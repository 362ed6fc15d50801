// The last step of a search: the few most promising candidates are compared by the weights
// themselves, where these are on this machine.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "base/digest.hpp"
#include "provenancekit/scan.hpp"
#include "search/known_models.hpp"
#include "verdict/prepared_model.hpp"

namespace prov::search {

/// Each reads two models: a scan stays a matter of minutes, however many relatives there are.
inline constexpr std::size_t kMostDeepTests = 3;

/// A match whose lineage is that of two fingerprints.
struct Candidate {
  KnownModel model;
  base::ContentHash weights;  // Sketch::weights of the record
  bool sampled = false;       // Sketch::sampled
  bool near_code = false;     // nearer than chance brings two models
  ScanMatch match;
};

/// What deep tests compare with.
struct ScannedWeights {
  const verdict::PreparedModel& prepared;
  forensics::ContentHashes hashes;
  std::filesystem::path database;  // relative places of models are also looked for beside it
};

/// Best first. Replaces the lineage of at most kMostDeepTests candidates by that of the weights, of
/// which the record must be: their hash is compared. Left as they are: copies, those whose
/// fingerprints, codes included, agree no better than by chance, and those whose weights are gone
/// or changed, with the reason. Nothing with Depth::fast. Error: cancelled.
Result<void> test_deeply(std::vector<Candidate>& candidates, const ScannedWeights& scanned,
                         const ScanOptions& options);

}  // namespace prov::search
