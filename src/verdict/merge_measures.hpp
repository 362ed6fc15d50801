// The numbers of a decomposition that are compared with lines (merge_thresholds.hpp), for
// `./dev calibrate` to draw them from; docs/lines.md shows both.
#pragma once

#include <vector>

#include "provenancekit/verdict.hpp"
#include "verdict/merge_evidence.hpp"

namespace prov::verdict {

/// Always the same names in the same order. A value is absent where the rule that compares it is
/// not asked for this child. Thread-safe.
std::vector<Measure> measure_merge(const MergeEvidence& evidence);

}  // namespace prov::verdict
