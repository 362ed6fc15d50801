#include "verdict/linear_share.hpp"

#include <algorithm>
#include <cmath>

#include "verdict/lineage_thresholds.hpp"

namespace prov::verdict {
namespace {

constexpr std::size_t kFewest = 8;
constexpr double kLeastError = 1e-6;  // storage of a slope of one

struct Slope {
  double value, error;
};

/// Of the child on the parent. The pattern knows that of B on A, and how much of B it leaves, which
/// gives the other one: cos^2 = 1 - residual^2 = slope * slope of A on B.
std::vector<Slope> slopes_of(const MatrixChanges& matrices, bool b_is_child) {
  std::vector<Slope> slopes;
  for (const forensics::MatrixChange* change : matrices) {
    if (!change->pattern || change->pattern->slope == 0) continue;
    const forensics::DifferencePattern& pattern = *change->pattern;
    const double kept = 1 - pattern.residual * pattern.residual;
    if (!(kept > 0) || pattern.elements == 0) continue;
    const double slope = b_is_child ? pattern.slope : kept / pattern.slope;
    const double rest = std::abs(slope) * pattern.residual / std::sqrt(kept);
    slopes.push_back(
        {slope, std::max(rest / std::sqrt(static_cast<double>(pattern.elements)), kLeastError)});
  }
  return slopes;
}

std::optional<LinearShare> summarise(const std::vector<Slope>& slopes) {
  if (slopes.size() < kFewest) return std::nullopt;
  LinearShare share{.matrices = slopes.size()};
  double precision = 0, square = 0;
  for (const Slope& slope : slopes) {
    precision += 1 / (slope.error * slope.error);
    share.weight += slope.value / (slope.error * slope.error);
  }
  share.weight /= precision;
  for (const Slope& slope : slopes) {
    const double off = (slope.value - share.weight) / slope.error;
    square += off * off;
  }
  share.spread = std::sqrt(square / precision);
  share.excess = square / static_cast<double>(slopes.size());
  return share;
}

bool uniform(const LinearShare& share) {
  return share.spread <= kShareSpread && share.excess <= kShareExcess;
}

bool is_share(const LinearShare& share) {
  return share.weight >= kMaterialCosine && share.weight <= kWholeWeight;
}

}  // namespace

std::optional<LinearShare> most_uniform_slopes(const MatrixChanges& matrices) {
  std::optional<LinearShare> best;
  for (const bool b_is_child : {true, false}) {
    auto share = summarise(slopes_of(matrices, b_is_child));
    if (!share || !is_share(*share) || (best && best->spread <= share->spread)) continue;
    share->b_is_child = b_is_child;
    best = share;
  }
  return best;
}

std::optional<LinearShare> find_linear_share(const MatrixChanges& matrices) {
  auto forward = summarise(slopes_of(matrices, true)),
       backward = summarise(slopes_of(matrices, false));
  if (!forward || !backward) return std::nullopt;
  backward->b_is_child = false;
  forward->only_child = !uniform(*backward);
  backward->only_child = !uniform(*forward);
  for (const auto& share : {forward, backward}) {
    if (uniform(*share) && is_share(*share)) return share;
  }
  return std::nullopt;
}

}  // namespace prov::verdict
