#include "numeric/log_probability.hpp"

#include <cmath>
#include <numbers>

namespace prov::numeric {

double log10_normal_tail(double z) {
  constexpr double kSeriesFrom = 25;  // the first omitted term is below 945 / 25^10
  if (!(z > kSeriesFrom)) return std::log10(0.5 * std::erfc(z / std::numbers::sqrt2));
  const double r = 1 / (z * z);
  const double series = -r + 3 * r * r - 15 * r * r * r + 105 * r * r * r * r;
  const double log_tail =
      -0.5 * z * z - std::log(z) - 0.5 * std::log(2 * std::numbers::pi) + std::log1p(series);
  return log_tail / std::numbers::ln10;
}

}  // namespace prov::numeric
