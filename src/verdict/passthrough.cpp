#include "verdict/passthrough.hpp"

#include <algorithm>

#include "verdict/merge_thresholds.hpp"

namespace prov::verdict {

std::vector<MergeSlice> slices_of(const MergeEvidence& evidence) {
  std::vector<MergeSlice> slices;
  if (evidence.origins.size() != evidence.child_layers) return slices;
  std::optional<model::Tower> tower;
  for (const forensics::LayerOrigin& origin : evidence.origins) {
    const forensics::LayerMatch& best = origin.best;
    const bool continues =
        !slices.empty() && tower == origin.tower && slices.back().candidate == best.candidate &&
        slices.back().last + 1 == best.layer && slices.back().equal == best.equal;
    if (!continues) {
      slices.push_back({best.candidate, best.layer, best.layer, origin.layer, best.equal, 0});
    }
    slices.back().last = best.layer;
    slices.back().largest_difference = std::max(slices.back().largest_difference, best.difference);
    tower = origin.tower;
  }
  return slices;
}

bool all_equal(const std::vector<MergeSlice>& slices) {
  return !slices.empty() && std::ranges::all_of(slices, &MergeSlice::equal);
}

bool is_whole_copy(const MergeEvidence& evidence, const std::vector<MergeSlice>& slices) {
  return std::ranges::all_of(slices, [&](const MergeSlice& slice) {
    return slice.candidate == slices.front().candidate && slice.first == slice.child_first &&
           evidence.candidate_layers[slice.candidate] == evidence.child_layers;
  });
}

bool is_changed_stack(const MergeEvidence& evidence, const std::vector<MergeSlice>& slices) {
  if (slices.empty() || is_whole_copy(evidence, slices)) return false;
  const auto is_far = [](const forensics::LayerOrigin& origin,
                         const std::optional<forensics::LayerMatch>& other) {
    return !other || other->difference >= kClearlyNearer * origin.best.difference;
  };
  // A layer that stands elsewhere in its source, and in no candidate where the child has it.
  const bool moved = std::ranges::any_of(evidence.origins, [&](const auto& origin) {
    return origin.best.layer != origin.layer && is_far(origin, origin.same_place);
  });
  return std::ranges::all_of(evidence.origins, [&](const forensics::LayerOrigin& origin) {
    return origin.best.difference <= kNearLayer && is_far(origin, origin.next_layer) &&
           (moved || is_far(origin, origin.next_candidate));
  });
}

}  // namespace prov::verdict
