#include "forensics/slerp_schedule.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "forensics/merge_fit.hpp"

namespace prov::forensics {
namespace {

constexpr double kSmallestAngle = 1e-4;  // radians; the line and the arc are one below
constexpr double kSmallestError = 1e-9;  // no sum is known better, however exact the child

/// <x_i, x_j> themselves: the zero model is the origin.
double inner(const MergeGram& gram, std::size_t i, std::size_t j) {
  const std::size_t zero = gram.zero_model();
  return gram.at(i, j) - gram.at(i, zero) - gram.at(zero, j) + gram.at(zero, zero);
}

std::optional<ArcPoint> arc_point(const MergeGram& gram, std::size_t first, std::size_t second) {
  const double square_a = inner(gram, first, first), square_b = inner(gram, second, second);
  if (!(square_a > 0) || !(square_b > 0)) return std::nullopt;
  const double cosine = inner(gram, first, second) / std::sqrt(square_a) / std::sqrt(square_b);
  ArcPoint point;
  point.angle = std::acos(std::clamp(cosine, -1.0, 1.0));
  const double sine = std::sin(point.angle);
  if (!(point.angle > kSmallestAngle) || !(sine > kSmallestAngle)) return std::nullopt;
  const auto fit = fit_merge(gram, std::array{first, second, gram.zero_model()});
  if (!fit) return std::nullopt;
  // w2 sin W = sin(tW) and w1 + w2 cos W = cos(tW), both up to one factor.
  point.t = std::atan2(fit->weights[1] * sine,
                       fit->weights[0] + fit->weights[1] * std::cos(point.angle)) /
            point.angle;
  point.expected =
      (std::sin((1 - point.t) * point.angle) + std::sin(point.t * point.angle)) / sine - 1;
  point.observed = -fit->weights[2];
  point.error = std::max(fit->errors[2], kSmallestError);
  return point;
}

}  // namespace

std::optional<SlerpSchedule> slerp_schedule(const MergeSites& sites, std::span<const SiteSums> sums,
                                            std::size_t first, std::size_t second) {
  SlerpSchedule schedule;
  double cross = 0, square = 0, t = 0, elements = 0;
  for (std::size_t s = 0; s < sums.size(); ++s) {
    if (!sites.sites[s].core) continue;
    auto point = arc_point(sums[s].gram, first, second);
    if (!point) continue;
    point->site = s;
    const double precision = 1 / (point->error * point->error);
    cross += precision * point->expected * point->observed;
    square += precision * point->expected * point->expected;
    t += point->t * static_cast<double>(sums[s].gram.elements);
    elements += static_cast<double>(sums[s].gram.elements);
    schedule.points.push_back(*point);
  }
  if (schedule.points.empty() || !(square > 0)) return std::nullopt;
  schedule.slope = cross / square;
  schedule.slope_error = 1 / std::sqrt(square);
  schedule.mean_t = t / elements;
  return schedule;
}

}  // namespace prov::forensics
