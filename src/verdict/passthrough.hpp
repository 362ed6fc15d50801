// Whole layers of the candidates, stacked.
#pragma once

#include <vector>

#include "provenancekit/decompose.hpp"
#include "verdict/merge_evidence.hpp"

namespace prov::verdict {

/// Runs of consecutive layers of one candidate, in the order of the child; empty if a layer of the
/// child has no source in any candidate.
std::vector<MergeSlice> slices_of(const MergeEvidence& evidence);

/// Each layer's source holds every sampled value.
bool all_equal(const std::vector<MergeSlice>& slices);
/// All layers of one candidate in their order, nothing added or left out.
bool is_whole_copy(const MergeEvidence& evidence, const std::vector<MergeSlice>& slices);
/// A stack that was trained or changed afterwards: each layer of the child is near its source and
/// clearly further from the candidate's other layers, and either the layers changed their places
/// or each is clearly nearest to one of several candidates.
bool is_changed_stack(const MergeEvidence& evidence, const std::vector<MergeSlice>& slices);

}  // namespace prov::verdict
