// Two parents mixed along the straight line or along the arc between them?
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "forensics/merge_gram.hpp"
#include "forensics/merge_sites.hpp"

namespace prov::forensics {

/// What the weights of one tensor say. On the arc the weights are sin((1-t)W)/sin W and
/// sin(tW)/sin W, W being the angle between the parents; their sum exceeds one. On the line it is
/// one.
struct ArcPoint {
  std::size_t site = 0;
  double t = 0;         // place of the child between the parents, 0: at the first
  double angle = 0;     // W, radians
  double expected = 0;  // excess of the sum of weights over one if on the arc
  double observed = 0;  // excess as fitted
  double error = 0;     // its standard error
};

struct SlerpSchedule {
  std::vector<ArcPoint> points;  // sites where angle and weights are defined
  /// Weighted regression of observed on expected excess: 1 on the arc, 0 on the line.
  double slope = 0;
  double slope_error = 0;
  double mean_t = 0;  // over the points, by elements
};

/// `sums` beside `sites`; `first` and `second` are candidates. std::nullopt if no core site gives a
/// point.
std::optional<SlerpSchedule> slerp_schedule(const MergeSites& sites, std::span<const SiteSums> sums,
                                            std::size_t first, std::size_t second);

/// Mean t of the points for which `matches(site)` holds; std::nullopt without any.
template <class Matches>
std::optional<double> mean_t(const SlerpSchedule& schedule, Matches matches) {
  double sum = 0, count = 0;
  for (const ArcPoint& point : schedule.points) {
    if (!matches(point.site)) continue;
    sum += point.t;
    count += 1;
  }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

}  // namespace prov::forensics
