// The numbers that kinds of relation are told by, for `measure` (lineage_measures.hpp).
#pragma once

#include <vector>

#include "forensics/gather.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::verdict {

/// Appends always the same names in the same order. Thread-safe.
void add_relation_measures(const forensics::ForensicEvidence& evidence,
                           std::vector<Measure>& measures);

}  // namespace prov::verdict
