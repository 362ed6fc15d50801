// The weights of a merge, part by part.
#pragma once

#include <optional>
#include <vector>

#include "provenancekit/decompose.hpp"
#include "verdict/merge_evidence.hpp"

namespace prov::verdict {

/// Weights of evidence.terms() over all layers; empty if they cannot be told apart.
std::vector<Estimate> overall_weights(const MergeEvidence& evidence);
/// One part a layer, over its matrices.
std::vector<MergePart> layer_parts(const MergeEvidence& evidence);
/// One part a kind of tensor, those outside the layers too, in the order of their names.
std::vector<MergePart> module_parts(const MergeEvidence& evidence);
/// Of the parents, where the base is known.
std::vector<TaskVectorCorrelation> task_vector_correlations(const MergeEvidence& evidence);

/// The weight that differs most between the layers; absent without layers that determine weights.
struct WeightSchedule {
  double least = 0, most = 0;
};
std::optional<WeightSchedule> widest_schedule(const MergeEvidence& evidence);

}  // namespace prov::verdict
