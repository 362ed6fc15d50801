#include "verdict/merge_measures.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "verdict/merge_parts.hpp"
#include "verdict/merge_thresholds.hpp"
#include "verdict/passthrough.hpp"

namespace prov::verdict {
namespace {

using Number = std::optional<double>;

/// Share of the child that one model alone explains.
Number explained_alone(const MergeEvidence& evidence) {
  const std::size_t terms = evidence.terms().size();
  if (terms == 1) return evidence.explained_of(evidence.layers);
  if (terms > 1 || !evidence.given_base || !(evidence.core.child_square() > 0)) return std::nullopt;
  return 1 - evidence.core.at(*evidence.given_base, *evidence.given_base) /
                 evidence.core.child_square();
}

/// Absent where the parents are too near to each other to tell the arc from the line.
Number slerp_slope(const MergeEvidence& evidence) {
  if (!evidence.slerp || !evidence.is_exact()) return std::nullopt;
  if (evidence.slerp->slope_error * kSlopeInErrors > kSlerpSlope) return std::nullopt;
  return evidence.slerp->slope;
}

Number sum_off_one(const MergeEvidence& evidence) {
  const std::vector<Estimate> weights = overall_weights(evidence);
  if (weights.size() < 2 || !evidence.is_exact() || evidence.base_takes_part) return std::nullopt;
  double sum = 0;
  for (const Estimate& weight : weights) sum += weight.value;
  return std::abs(sum - 1);
}

Number weight_spread(const MergeEvidence& evidence) {
  const auto schedule = widest_schedule(evidence);
  if (!schedule || !evidence.is_exact()) return std::nullopt;
  return schedule->most - schedule->least;
}

/// Untouched share of the largest tenth by that of all, each parent.
std::vector<double> untouched_where_large(const MergeEvidence& evidence) {
  std::vector<double> shares;
  if (!evidence.nearest_sparse || !(evidence.nearest_sparse->untouched > 0)) return shares;
  for (const forensics::SparseParent& parent : evidence.nearest_sparse->parents)
    shares.push_back(parent.untouched_where_large / evidence.nearest_sparse->untouched);
  return shares;
}

Number both_in_conflict(const MergeEvidence& evidence) {
  if (!evidence.sparse || !evidence.sparse->both_in_conflict) return std::nullopt;
  if (drop_pattern(*evidence.sparse) != DropPattern::at_random) return std::nullopt;
  const double kept = kept_share(*evidence.sparse);
  if (!(kept > 0)) return std::nullopt;
  return *evidence.sparse->both_in_conflict / (kept * kept);
}

/// Of the layer that is furthest from its source; absent where the layers form no stack.
Number layer_difference(const MergeEvidence& evidence) {
  const std::vector<MergeSlice> slices = slices_of(evidence);
  if (slices.empty() || all_equal(slices)) return std::nullopt;
  return std::ranges::max(slices, {}, &MergeSlice::largest_difference).largest_difference;
}

/// Least factor by which the next layer of a layer's source is further away.
Number next_layer_ratio(const MergeEvidence& evidence) {
  if (!layer_difference(evidence)) return std::nullopt;
  Number least;
  for (const forensics::LayerOrigin& origin : evidence.origins) {
    if (!origin.next_layer || !(origin.best.difference > 0)) continue;
    const double ratio = origin.next_layer->difference / origin.best.difference;
    least = std::min(least.value_or(ratio), ratio);
  }
  return least;
}

}  // namespace

std::vector<Measure> measure_merge(const MergeEvidence& evidence) {
  std::vector<Measure> measures;
  const auto add = [&](std::string_view name, Number value) {
    measures.push_back({std::string(name), value});
  };
  const bool fitted = evidence.terms().size() > 1;
  add("explained_alone", explained_alone(evidence));
  add("residual_in_roundings", fitted ? evidence.residual_in_roundings() : std::nullopt);
  add("left_by_relatives", evidence.left_by_relatives);
  add("slerp_slope", slerp_slope(evidence));
  add("sum_off_one", sum_off_one(evidence));
  add("weight_spread", weight_spread(evidence));

  const auto& sparse = evidence.nearest_sparse;
  add("equal_to_base", evidence.equal_to_base);
  add("untouched_elements", sparse ? Number(sparse->untouched) : std::nullopt);
  add("mixed_sites", sparse ? Number(sparse->mixed_sites) : std::nullopt);
  add("elements_explained", sparse ? Number(sparse->explained) : std::nullopt);
  const std::vector<double> large = untouched_where_large(evidence);
  add("most_untouched_where_large", large.empty() ? std::nullopt : Number(std::ranges::max(large)));
  add("least_untouched_where_large",
      large.empty() ? std::nullopt : Number(std::ranges::min(large)));
  add("both_in_conflict", both_in_conflict(evidence));

  add("layer_difference", layer_difference(evidence));
  add("next_layer_ratio", next_layer_ratio(evidence));
  return measures;
}

}  // namespace prov::verdict
