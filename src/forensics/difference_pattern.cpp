#include "forensics/difference_pattern.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "forensics/stored_precision.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestForHole = 100;

bool finite(const numeric::Matrix& matrix) {
  return std::ranges::all_of(matrix.values, [](float x) { return std::isfinite(x); });
}

double residual_norm(const numeric::Matrix& a, const numeric::Matrix& b, double slope) {
  double squares = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const double rest = static_cast<double>(b.values[i]) - slope * static_cast<double>(a.values[i]);
    squares += rest * rest;
  }
  return std::sqrt(squares);
}

double kurtosis_of_difference(const numeric::Matrix& a, const numeric::Matrix& b) {
  const auto count = static_cast<double>(a.values.size());
  double mean = 0, second = 0, fourth = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i)
    mean += (static_cast<double>(b.values[i]) - static_cast<double>(a.values[i])) / count;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const double moved = static_cast<double>(b.values[i]) - static_cast<double>(a.values[i]) - mean;
    second += moved * moved / count;
    fourth += moved * moved * moved * moved / count;
  }
  const double square = second * second;  // 0 also where it is too small for a double
  return square > 0 && std::isfinite(fourth / square) ? fourth / square : 0;
}

/// Fills in what rests on the elements that storage resolves.
void look_at_fine_elements(const numeric::Matrix& a, const numeric::Matrix& b, double rms,
                           DifferencePattern& result) {
  const PossibleStorage of_a = possible_storage(a.values), of_b = possible_storage(b.values);
  std::vector<double> moved;
  std::size_t stayed = 0;
  double steps = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const auto x = static_cast<double>(a.values[i]), y = static_cast<double>(b.values[i]);
    if (x == 0 && y == 0) continue;
    const double step = std::max(of_a.step_at(x), of_b.step_at(y));
    if (step > kFineStep * rms) continue;
    ++result.fine;
    steps += step;
    if (x == y) {
      ++stayed;
    } else {
      moved.push_back(std::abs(y - x) / rms);
    }
  }
  if (result.fine == 0) return;
  const auto count = static_cast<double>(result.fine);
  result.untouched = static_cast<double>(stayed) / count;
  result.untouched_chance = steps / count / rms / std::sqrt(2 * std::numbers::pi);
  if (moved.size() < kFewestForHole) return;
  const auto at = static_cast<std::ptrdiff_t>(kHoleShare * static_cast<double>(moved.size()));
  std::ranges::nth_element(moved, moved.begin() + at);
  result.hole = moved[static_cast<std::size_t>(at)];
}

}  // namespace

std::optional<DifferencePattern> difference_pattern(const numeric::Matrix& a,
                                                    const numeric::Matrix& b) {
  if (a.rows != b.rows || a.columns != b.columns || !finite(a) || !finite(b)) return std::nullopt;
  const numeric::Products products = numeric::products(a.values, b.values);
  if (!(products.aa > 0) || !(products.bb > 0) || !std::isfinite(products.aa + products.bb))
    return std::nullopt;
  DifferencePattern result{.elements = a.values.size()};
  const auto count = static_cast<double>(result.elements);
  result.equal = static_cast<double>(numeric::count_equal(a.values, b.values)) / count;
  if (result.equal == 1) {
    result.slope = 1;
    return result;
  }
  result.kurtosis = kurtosis_of_difference(a, b);
  result.slope = products.ab / products.aa;
  result.residual = std::min(1.0, residual_norm(a, b, result.slope) / std::sqrt(products.bb));
  look_at_fine_elements(a, b, residual_norm(a, b, 1) / std::sqrt(count), result);
  return result;
}

}  // namespace prov::forensics
