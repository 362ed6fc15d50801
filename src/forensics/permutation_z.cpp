#include "forensics/permutation_z.hpp"

#include <cmath>
#include <numeric>

#include "numeric/gemm.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestUnits = 8;

/// sum of squares, element (i, j) always together with (j, i): the result does not depend on which
/// model came first.
double symmetric_square_sum(std::span<const float> square, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double diagonal = static_cast<double>(square[i * n + i]);
    sum += diagonal * diagonal;
    for (std::size_t j = i + 1; j < n; ++j) {
      const double upper = static_cast<double>(square[i * n + j]),
                   lower = static_cast<double>(square[j * n + i]);
      sum += upper * upper + lower * lower;
    }
  }
  return sum;
}

}  // namespace

std::optional<PermutationTest> permutation_test(numeric::Matrix a, numeric::Matrix b) {
  if (a.rows != b.rows || a.columns != b.columns || a.rows < kFewestUnits || a.columns == 0)
    return std::nullopt;
  numeric::centre_columns(a);
  numeric::centre_columns(b);
  const std::size_t n = a.rows;
  std::vector<float> product(n * n);
  numeric::multiply_by_transpose(a.values, n, b.values, n, a.columns, product);

  double t = 0;
  for (std::size_t i = 0; i < n; ++i) t += static_cast<double>(product[i * n + i]);
  const double variance = symmetric_square_sum(product, n) / static_cast<double>(n - 1);
  const double norms =
      std::sqrt(numeric::dot(a.values, a.values) * numeric::dot(b.values, b.values));
  if (!(variance > 0) || !(norms > 0) || !std::isfinite(variance)) return std::nullopt;
  return PermutationTest{t / std::sqrt(variance), t / norms, n, a.columns};
}

double stouffer(std::span<const double> z) {
  return std::accumulate(z.begin(), z.end(), 0.0) / std::sqrt(static_cast<double>(z.size()));
}

}  // namespace prov::forensics
