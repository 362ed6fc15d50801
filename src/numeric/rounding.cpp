#include "numeric/rounding.hpp"

#include <charconv>
#include <cmath>
#include <iterator>

namespace prov::numeric {
namespace {

/// 10^0 ... 10^22 are the powers of ten that a double holds exactly.
double round_to_power_of_ten(double value, int exponent) {
  double unit = 1.0;
  for (int i = 0; i < exponent; ++i) unit *= 10.0;
  // IEEE remainder: exact, and its quotient is rounded half to even.
  return std::copysign(value - std::remainder(value, unit), value);
}

}  // namespace

double round_half_even_decimal(double value, int digits) {
  if (!std::isfinite(value) || digits > 323) return value;
  if (digits < -22) return std::copysign(0.0, value);
  if (digits < 0) return round_to_power_of_ten(value, -digits);
  // A double has at most 309 digits before the point; to_chars rounds the exact value, half to
  // even.
  char text[1 + 309 + 1 + 323];
  const auto written =
      std::to_chars(std::begin(text), std::end(text), value, std::chars_format::fixed, digits);
  double rounded = value;
  std::from_chars(text, written.ptr, rounded);
  return rounded;
}

}  // namespace prov::numeric
