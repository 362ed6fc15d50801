#include "numeric/log_probability.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "numeric/log_gamma.hpp"

namespace prov::numeric {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double to_log10(double natural) { return natural / std::numbers::ln10; }

/// The continued fraction of I_x(a, b), for x < (a + 1) / (a + b + 2), by Lentz's method.
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  constexpr int kMostTerms = 100000;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

/// ln of the Poisson probability of k, k > 0. Written around the mode so that large terms cancel
/// on paper.
double log_poisson(double k, double mean) {
  const double correction =  // ln k! - Stirling's leading part
      log_factorial(k) - (k * std::log(k) - k + 0.5 * std::log(2 * std::numbers::pi * k));
  const double off = (mean - k) / k;
  const double log_ratio = std::abs(off) < 0.5 ? std::log1p(off) : std::log(mean / k);
  return -k * (off - log_ratio) - 0.5 * std::log(2 * std::numbers::pi * k) - correction;
}

}  // namespace

double log10_normal_tail(double z) {
  constexpr double kSeriesFrom = 25;  // the first omitted term is below 945 / 25^10
  if (z < -1) return to_log10(std::log1p(-0.5 * std::erfc(-z / std::numbers::sqrt2)));
  if (!(z > kSeriesFrom)) return std::log10(0.5 * std::erfc(z / std::numbers::sqrt2));
  const double r = 1 / (z * z);
  const double series = -r + 3 * r * r - 15 * r * r * r + 105 * r * r * r * r;
  const double log_tail =
      -0.5 * z * z - std::log(z) - 0.5 * std::log(2 * std::numbers::pi) + std::log1p(series);
  return log_tail / std::numbers::ln10;
}

double normal_z_of_log10_tail(double log10_p) {
  if (!(log10_p <= 0)) return kNaN;
  const double log_p = log10_p * std::numbers::ln10;
  if (log_p > -std::numbers::ln2)  // above one half: the other tail has the digits
    return -normal_z_of_log10_tail(to_log10(std::log(-std::expm1(log_p))));
  if (log10_p == -kInfinity) return kInfinity;
  // Newton's method on the logarithm, which is concave: from the right it never overshoots.
  double z = std::sqrt(-2 * log_p);  // P(X > z) <= exp(-z^2 / 2)
  for (int i = 0; i < 50; ++i) {
    const double log_tail = log10_normal_tail(z) * std::numbers::ln10;
    const double hazard = std::exp(-0.5 * z * z - 0.5 * std::log(2 * std::numbers::pi) - log_tail);
    const double next = z + (log_tail - log_p) / hazard;
    const bool done = std::abs(next - z) <= 1e-13 * std::max(1.0, std::abs(z));
    z = next;
    if (done) break;
  }
  return z;
}

double log10_student_tail(double t, double dof) {
  if (std::isnan(t) || !(dof > 0)) return kNaN;
  if (std::isinf(dof)) return log10_normal_tail(t);
  if (std::isinf(t)) return t > 0 ? -kInfinity : 0;
  if (t < 0) return to_log10(std::log1p(-std::pow(10.0, log10_student_tail(-t, dof))));
  if (t == 0) return std::log10(0.5);
  // P(T > t) = I_x(dof / 2, 1 / 2) / 2 with x = dof / (dof + t^2).
  const double log_ratio = 2 * std::log(t) - std::log(dof);  // of t^2 to dof
  const double ratio = std::exp(log_ratio);
  const double log_x = std::isinf(ratio) ? -log_ratio : -std::log1p(ratio);
  const double x = std::exp(log_x);
  const double log_rest = log_ratio + log_x;  // ln(1 - x)
  const double a = dof / 2;
  const double log_beta = 0.5 * std::log(std::numbers::pi) - log_gamma_half_step(a);
  const double log_factor = a * log_x + 0.5 * log_rest - log_beta;
  if (x < (a + 1) / (a + 2.5))
    return to_log10(log_factor - std::log(2 * a) + std::log(beta_fraction(a, 0.5, x)));
  return std::log10(0.5 - std::exp(log_factor) * beta_fraction(0.5, a, std::exp(log_rest)));
}

double log10_spearman_tail(double r, std::size_t count) {
  if (std::isnan(r)) return kNaN;
  if (count < 2 || r <= -1) return 0;
  const auto n = static_cast<double>(count);
  const double least = to_log10(-log_factorial(n));
  if (r >= 1 || count == 2) return r > 0 ? least : 0;
  const double t = r * std::sqrt((n - 2) / ((1 - r) * (1 + r)));
  return std::max(least, log10_student_tail(t, n - 2));
}

double log10_fisher(double sum_of_ln_p, std::size_t count) {
  if (!(sum_of_ln_p <= 0)) return kNaN;
  const double s = -sum_of_ln_p;
  if (count == 0 || s == 0) return 0;
  if (std::isinf(s)) return -kInfinity;
  // The terms rise up to i = s and fall beyond: scaled by the largest, they cannot overflow.
  const double log_s = std::log(s);
  const auto log_term = [&](double i) { return i * log_s - log_factorial(i); };
  const double largest = log_term(std::min(static_cast<double>(count - 1), std::floor(s)));
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += std::exp(log_term(static_cast<double>(i)) - largest);
  return std::min(0.0, to_log10(largest + std::log(sum) - s));
}

double log10_poisson_tail(std::uint64_t k, double mean) {
  if (!(mean >= 0) || std::isinf(mean)) return kNaN;
  if (k == 0) return 0;
  if (mean == 0) return -kInfinity;
  const auto first = static_cast<double>(k);
  double term = 1, sum = 1;
  if (first > mean) {  // upwards from k, relative to the probability of k
    for (double i = first + 1; term > 1e-17 * sum; ++i) sum += term *= mean / i;
    return to_log10(log_poisson(first, mean) + std::log(sum));
  }
  // Downwards from k - 1: what is missing from 1.
  for (double i = first - 1; i > 0 && term > 1e-17 * sum; --i) sum += term *= i / mean;
  const double log_pmf = k == 1 ? -mean : log_poisson(first - 1, mean);
  return to_log10(std::log1p(-std::exp(log_pmf + std::log(sum))));
}

}  // namespace prov::numeric
