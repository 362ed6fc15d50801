#include "forensics/token_geometry.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "base/parallel_for.hpp"
#include "numeric/gemm.hpp"
#include "numeric/main_subspace.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestTokens = 64;
constexpr std::size_t kComponents = 16;
/// A row of unit length that lies in the span of the main components leaves rounding, below this.
constexpr double kRounding = 1e-5;

/// Takes out of each row what lies in the span of `basis`, orthonormal rows.
void project_out(numeric::Matrix& rows, const numeric::Matrix& basis) {
  numeric::Matrix weights(rows.rows, basis.rows), inside(rows.rows, rows.columns);
  numeric::multiply_by_transpose(rows.values, rows.rows, basis.values, basis.rows, rows.columns,
                                 weights.values);
  const numeric::Matrix columns = numeric::transposed(basis);
  numeric::multiply_by_transpose(weights.values, rows.rows, columns.values, rows.columns,
                                 basis.rows, inside.values);
  for (std::size_t i = 0; i < rows.values.size(); ++i) rows.values[i] -= inside.values[i];
  for (std::size_t i = 0; i < rows.rows; ++i) {
    if (numeric::dot(rows.row(i), rows.row(i)) < kRounding * kRounding)
      std::ranges::fill(rows.row(i), 0.0F);
  }
}

/// Cosines of all pairs of tokens in what the main components leave. Empty where there are no
/// `kComponents` of them.
std::vector<double> residual_cosines(numeric::Matrix rows) {
  numeric::centre_columns(rows);
  numeric::normalise_rows(rows);
  numeric::centre_columns(rows);
  std::optional<std::vector<float>> main =
      numeric::main_subspace(rows.values, rows.rows, rows.columns, kComponents, 1);
  if (!main) return {};
  numeric::Matrix basis(kComponents, rows.columns);
  basis.values = std::move(*main);
  project_out(rows, basis);
  numeric::normalise_rows(rows);
  const std::size_t n = rows.rows;
  numeric::Matrix cosine(n, n);
  numeric::multiply_by_transpose(rows.values, n, rows.values, n, rows.columns, cosine.values);
  std::vector<double> cosines;
  cosines.reserve(n * (n - 1) / 2);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j)
      cosines.push_back(static_cast<double>(cosine.row(i)[j]));
  }
  return cosines;
}

double mean_of(std::span<const double> x) {
  double sum = 0;
  for (double value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

std::optional<double> correlation(std::span<const double> x, std::span<const double> y) {
  const double mean_x = mean_of(x), mean_y = mean_of(y);
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  if (!(xx > 0) || !(yy > 0)) return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

}  // namespace

std::optional<double> token_geometry_correlation(const numeric::Matrix& a,
                                                 const numeric::Matrix& b) {
  if (a.rows != b.rows || a.rows < kFewestTokens) return std::nullopt;
  std::vector<double> cosines[2];
  base::parallel_for(2, base::worker_count(), [&](std::size_t side) {
    cosines[side] = residual_cosines(side == 0 ? a : b);
  });
  if (cosines[0].empty() || cosines[1].empty()) return std::nullopt;
  return correlation(cosines[0], cosines[1]);
}

}  // namespace prov::forensics
