#include "numeric/symmetric_eigenvalues.hpp"

#include <algorithm>
#include <cmath>

namespace prov::numeric {
namespace {

constexpr int kMostSteps = 60;

/// A symmetric matrix with three diagonals: below[i] couples i - 1 and i, below[0] is unused.
struct Tridiagonal {
  std::vector<double> diagonal, below;
};

/// Makes row `i` of `a` the vector u of a reflection that clears it left of its subdiagonal
/// element, and applies the reflection to the rows above. Returns that element.
double reflect(std::vector<double>& a, std::size_t n, std::size_t i, std::vector<double>& image) {
  double* const u = &a[i * n];
  double scale = 0;
  for (std::size_t k = 0; k < i; ++k) scale += std::abs(u[k]);
  if (i == 1 || scale == 0) return u[i - 1];
  double h = 0;
  for (std::size_t k = 0; k < i; ++k) {
    u[k] /= scale;
    h += u[k] * u[k];
  }
  const double last = u[i - 1], length = last >= 0 ? -std::sqrt(h) : std::sqrt(h);
  h -= last * length;
  u[i - 1] = last - length;
  std::fill_n(image.begin(), i, 0.0);  // A u / h, each element of the lower triangle read once
  for (std::size_t j = 0; j < i; ++j) {
    const double* const row = &a[j * n];
    double sum = 0;
    for (std::size_t k = 0; k < j; ++k) {
      sum += row[k] * u[k];
      image[k] += row[k] * u[j];
    }
    image[j] += sum + row[j] * u[j];
  }
  double overlap = 0;
  for (std::size_t j = 0; j < i; ++j) {
    image[j] /= h;
    overlap += image[j] * u[j];
  }
  const double shift = overlap / (h + h);
  for (std::size_t j = 0; j < i; ++j) image[j] -= shift * u[j];
  for (std::size_t j = 0; j < i; ++j) {
    double* const row = &a[j * n];
    for (std::size_t k = 0; k <= j; ++k) row[k] -= u[j] * image[k] + image[j] * u[k];
  }
  return scale * length;
}

Tridiagonal reduced(std::vector<double>& a, std::size_t n) {
  Tridiagonal result{std::vector<double>(n), std::vector<double>(n, 0)};
  std::vector<double> image(n);
  for (std::size_t i = n; i-- > 1;) result.below[i] = reflect(a, n, i, image);
  for (std::size_t i = 0; i < n; ++i) result.diagonal[i] = a[i * n + i];
  return result;
}

/// First m >= `from` whose coupling to m + 1 is negligible; e[i] couples i and i + 1.
std::size_t block_end(const std::vector<double>& d, const std::vector<double>& e,
                      std::size_t from) {
  std::size_t m = from;
  while (m + 1 < d.size()) {
    const double size = std::abs(d[m]) + std::abs(d[m + 1]);
    if (size + std::abs(e[m]) == size) break;
    ++m;
  }
  return m;
}

/// One implicit QL step with Wilkinson's shift on the block [l, m].
void ql_step(std::vector<double>& d, std::vector<double>& e, std::size_t l, std::size_t m) {
  double g = (d[l + 1] - d[l]) / (2 * e[l]), r = std::sqrt(g * g + 1);
  g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
  double s = 1, c = 1, p = 0;
  for (std::size_t i = m; i-- > l;) {
    const double f = s * e[i], b = c * e[i];
    r = std::sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r == 0) {  // the block falls apart here
      d[i + 1] -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    r = (d[i] - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}

}  // namespace

std::vector<double> symmetric_eigenvalues(std::vector<double> matrix, std::size_t n) {
  if (n == 0 || matrix.size() != n * n) return {};
  if (!std::ranges::all_of(matrix, [](double x) { return std::isfinite(x); })) return {};
  Tridiagonal t = reduced(matrix, n);
  std::vector<double>&d = t.diagonal, &e = t.below;
  std::rotate(e.begin(), e.begin() + 1, e.end());  // now e[i] couples i and i + 1
  for (std::size_t l = 0; l < n; ++l) {
    for (int steps = 0;; ++steps) {
      const std::size_t m = block_end(d, e, l);
      if (m == l) break;
      if (steps == kMostSteps) return {};
      ql_step(d, e, l, m);
    }
  }
  if (!std::ranges::all_of(d, [](double x) { return std::isfinite(x); })) return {};
  std::ranges::sort(d);
  return std::move(t.diagonal);
}

}  // namespace prov::numeric
