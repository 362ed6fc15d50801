// Plain sums in double, in order: for vectors short enough that speed does not matter.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace prov::numeric {

/// Mean and population standard deviation; both 0 for no values.
struct Moments {
  double mean = 0, deviation = 0;
};

template <class T>
Moments moments(std::span<const T> x) {
  if (x.empty()) return {};
  const auto count = static_cast<double>(x.size());
  double sum = 0;
  for (const T value : x) sum += static_cast<double>(value);
  const double mean = sum / count;
  double squares = 0;
  for (const T value : x)
    squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
  return {mean, std::sqrt(squares / count)};
}

/// Inner product and both lengths.
struct Angle {
  double dot = 0, norm_a = 0, norm_b = 0;
};

/// a.size() == b.size().
template <class T>
Angle angle(std::span<const T> a, std::span<const T> b) {
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return {ab, std::sqrt(aa), std::sqrt(bb)};
}

/// Pearson's r of two vectors of equal length with positive deviations.
template <class T>
double pearson(std::span<const T> a, std::span<const T> b) {
  const double mean_a = moments(a).mean, mean_b = moments(b).mean;
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a[i]) - mean_a, y = static_cast<double>(b[i]) - mean_b;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return ab / std::sqrt(aa) / std::sqrt(bb);
}

}  // namespace prov::numeric
