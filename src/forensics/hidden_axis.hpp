// The tests on the hidden units of each MLP: the one axis of a transformer whose order is arbitrary
// at the start of training and kept by it, and that no rotation of the residual stream touches.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "forensics/gram_agreement.hpp"
#include "forensics/permutation_z.hpp"
#include "forensics/weight_view.hpp"
#include "model/checkpoint.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// One MLP that both models have at the same place. A dense MLP is compared with expert 0 of a
/// mixture.
struct MlpComparison {
  model::Tower tower = model::Tower::text;
  int layer = 0;
  int expert = model::kNoIndex;  // as `a` numbers it
  std::optional<PermutationTest>
      order;  // rows [gate | up | down^T] unit by unit; absent if widths differ
  std::optional<GramAgreement>
      geometry;  // only where `order` shows nothing (z below kGeometryBelow)
};

struct HiddenAxis {
  std::vector<MlpComparison> mlps;  // ordered by tower, layer, expert
  std::size_t mlps_a = 0;           // MLPs that could be compared at all, in each model
  std::size_t mlps_b = 0;
  std::size_t different_widths =
      0;  // same place, other number of hidden units or other input width

  std::vector<const MlpComparison*> ordered() const;   // those with `order`
  std::vector<const MlpComparison*> measured() const;  // those with `geometry`
};

/// The gains of the norm before an MLP are folded into the columns of gate and up; Gemma stores
/// gain - 1.
struct NormConvention {
  bool gain_minus_one = false;
};

/// Samples 384 hidden units and 128 residual coordinates of each MLP at fixed places (all of them
/// in small models). Parallel over MLPs; the result does not depend on the thread count. Errors:
/// those of reading; cancelled.
Result<HiddenAxis> compare_hidden_axis(const model::Checkpoint& a, NormConvention norm_a,
                                       const model::Checkpoint& b, NormConvention norm_b,
                                       const std::stop_token& stop);

}  // namespace prov::forensics
