#include "numeric/singular_values.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "numeric/jacobi.hpp"
#include "numeric/kernels/kernels.hpp"

namespace prov::numeric {
namespace {

double dot(const double* a, const double* b, std::size_t n) { return kernels().dot_f64(a, b, n); }

/// The Gram matrix of the rows or of the columns, whichever are fewer.
DoubleMatrix smaller_gram(std::span<const float> values, std::size_t rows, std::size_t columns) {
  const bool tall = rows > columns;
  DoubleMatrix wide(std::min(rows, columns), std::max(rows, columns));
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j)
      (tall ? wide.row(j)[i] : wide.row(i)[j]) = static_cast<double>(values[i * columns + j]);
  }
  DoubleMatrix gram(wide.rows, wide.rows);
  for (std::size_t i = 0; i < wide.rows; ++i) {
    for (std::size_t j = 0; j <= i; ++j)
      gram.row(i)[j] = gram.row(j)[i] = dot(wide.row(i), wide.row(j), wide.columns);
  }
  return gram;
}

/// A symmetric matrix with nothing beside its diagonal and the one next to it: beside[i] couples i
/// and i + 1, beside[n - 1] = 0.
struct Tridiagonal {
  std::vector<double> diagonal, beside;
};

/// Householder reflections from the last row up (Golub and Van Loan, 8.3.1).
Tridiagonal tridiagonal(DoubleMatrix a) {
  const std::size_t n = a.rows;
  Tridiagonal result{std::vector<double>(n), std::vector<double>(n, 0)};
  std::vector<double> w(n);
  for (std::size_t i = n; i-- > 0;) {
    double* v = a.row(i);  // its first i elements become the axis of the reflection
    result.diagonal[i] = v[i];
    if (i == 0) break;
    const double length = std::sqrt(dot(v, v, i));
    const double head = v[i - 1];
    result.beside[i - 1] = head > 0 ? -length : length;
    const double half_square = length * (length + std::abs(head));  // |v|^2 / 2, head less beside
    if (!(half_square > 0)) continue;
    v[i - 1] = head - result.beside[i - 1];
    for (std::size_t j = 0; j < i; ++j) w[j] = dot(a.row(j), v, i) / half_square;
    const double shift = dot(w.data(), v, i) / (2 * half_square);
    for (std::size_t j = 0; j < i; ++j) w[j] -= shift * v[j];
    for (std::size_t j = 0; j < i; ++j) {
      double* row = a.row(j);
      for (std::size_t k = 0; k < i; ++k) row[k] -= v[j] * w[k] + w[j] * v[k];
    }
  }
  return result;
}

/// Eigenvalues by the QL algorithm with implicit shifts (Martin and Wilkinson 1968), in no order.
/// An eigenvalue that does not settle in 60 steps stays as near as it came; that takes a matrix on
/// which shifts fail, of which none is known.
std::vector<double> eigenvalues(Tridiagonal t) {
  auto& [d, e] = t;
  const std::size_t n = d.size();
  const auto settled = [&](std::size_t i) {
    return std::abs(e[i]) <=
           std::numeric_limits<double>::epsilon() * (std::abs(d[i]) + std::abs(d[i + 1]));
  };
  for (std::size_t first = 0; first < n; ++first) {
    for (int step = 0; step < 60; ++step) {
      std::size_t last = first;
      while (last + 1 < n && !settled(last)) ++last;
      if (last == first) break;
      double g = (d[first + 1] - d[first]) / (2 * e[first]);
      double r = std::hypot(g, 1.0);
      g = d[last] - d[first] + e[first] / (g + (g >= 0 ? r : -r));
      double sine = 1, cosine = 1, carried = 0;
      bool split = false;
      for (std::size_t i = last; i-- > first;) {
        const double f = sine * e[i], b = cosine * e[i];
        r = std::hypot(f, g);
        e[i + 1] = r;
        if (r == 0) {
          d[i + 1] -= carried;
          e[last] = 0;
          split = true;
          break;
        }
        sine = f / r;
        cosine = g / r;
        g = d[i + 1] - carried;
        r = (d[i] - g) * sine + 2 * cosine * b;
        carried = sine * r;
        d[i + 1] = g + carried;
        g = cosine * r - b;
      }
      if (split) continue;
      d[first] -= carried;
      e[first] = g;
      e[last] = 0;
    }
  }
  return d;
}

}  // namespace

std::optional<std::vector<double>> singular_values(std::span<const float> values, std::size_t rows,
                                                   std::size_t columns) {
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!std::all_of(values.begin(), values.end(), finite)) return std::nullopt;
  std::vector<double> result = eigenvalues(tridiagonal(smaller_gram(values, rows, columns)));
  for (double& value : result) value = std::sqrt(std::max(value, 0.0));
  std::sort(result.begin(), result.end(), std::greater<>());
  return result;
}

}  // namespace prov::numeric
