// The numbers of a pair that are compared with lines (lineage_thresholds.hpp), as the rules read
// them. `./dev calibrate` draws the lines from these numbers; docs/lines.md shows both.
#pragma once

#include <vector>

#include "forensics/gather.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::verdict {

/// Always the same names in the same order. A value is absent where the rule that compares it is
/// not asked for this pair: a cosine of units without proof that the units are the same, say.
/// Thread-safe.
std::vector<Measure> measure(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
