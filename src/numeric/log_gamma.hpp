// Logarithms of factorials. (std::lgamma writes a global variable, so that threads race.)
#pragma once

#include <cmath>
#include <numbers>

namespace prov::numeric {

/// ln Gamma(x) for x > 0; absolute error below 1e-13 times the larger of 1 and the result.
/// Stirling's series (NIST DLMF 5.11.1) from 16 on, the recurrence below it.
inline double log_gamma(double x) {
  double product = 1;
  for (; x < 16; ++x) product *= x;
  const double r = 1 / (x * x);
  const double series =
      (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / x;
  return (x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * std::numbers::pi) + series -
         std::log(product);
}

/// ln(Gamma(x + 1/2) / Gamma(x)) for x > 0; absolute error below 1e-14, also where both are huge.
/// Asymptotic series (from NIST DLMF 5.11.13) from 16 on, the recurrence below it.
inline double log_gamma_half_step(double x) {
  double ratio = 1;
  for (; x < 16; ++x) ratio *= x / (x + 0.5);
  const double r = 1 / (x * x);
  const double series =
      (-1.0 / 8 + r * (1.0 / 192 - r * (1.0 / 640 - r * (17.0 / 14336 - r * 31.0 / 18432)))) / x;
  return 0.5 * std::log(x) + series + std::log(ratio);
}

/// ln(n!).
inline double log_factorial(double n) { return log_gamma(n + 1); }

}  // namespace prov::numeric
