#include "forensics/residual_map.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/parallel_for.hpp"
#include "numeric/gemm.hpp"
#include "numeric/main_subspace.hpp"
#include "numeric/orthogonal_factor.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestTokens = 64;
constexpr std::size_t kMostDimensions = 128;

/// Every second row, beginning with row `first`.
numeric::Matrix alternate_rows(const numeric::Matrix& matrix, std::size_t first) {
  numeric::Matrix result((matrix.rows + 1 - first) / 2, matrix.columns);
  for (std::size_t i = 0; i < result.rows; ++i)
    std::ranges::copy(matrix.row(2 * i + first), result.row(i).begin());
  return result;
}

/// Orthonormal rows in the span of the embedding, the same combinations of tokens in both models;
/// the identity if they span everything.
std::optional<numeric::Matrix> subspace(const numeric::Matrix& rows, std::size_t dimensions) {
  numeric::Matrix basis(dimensions, rows.columns);
  if (dimensions < rows.columns) {
    auto found = numeric::row_combinations(rows.values, rows.rows, rows.columns, dimensions, 1);
    if (!found) return std::nullopt;
    basis.values = *std::move(found);
    return basis;
  }
  for (std::size_t i = 0; i < dimensions; ++i) basis.row(i)[i] = 1;
  return basis;
}

numeric::Matrix product_of_transposes(const numeric::Matrix& a,
                                      const numeric::Matrix& b) {  // a^T b
  const numeric::Matrix left = numeric::transposed(a), right = numeric::transposed(b);
  return mapped(left, right);
}

double mean_cosine(const numeric::Matrix& a, const numeric::Matrix& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rows; ++i) {
    const numeric::Products p = numeric::products(a.row(i), b.row(i));
    const double norms = std::sqrt(p.aa * p.bb);
    sum += norms > 0 ? p.ab / norms : 0;
  }
  return a.rows == 0 ? 0 : sum / static_cast<double>(a.rows);
}

}  // namespace

numeric::Matrix mapped(const numeric::Matrix& rows, const numeric::Matrix& from) {
  numeric::Matrix result(rows.rows, from.rows);
  if (result.values.empty()) return result;
  numeric::multiply_by_transpose(rows.values, rows.rows, from.values, from.rows, rows.columns,
                                 result.values);
  return result;
}

std::optional<ResidualMap> recover_residual_map(const numeric::Matrix& a,
                                                const numeric::Matrix& b) {
  if (a.rows != b.rows || a.rows < kFewestTokens) return std::nullopt;
  if (b.columns != a.columns ? b.columns < a.columns : b.values < a.values) {
    std::optional<ResidualMap> map = recover_residual_map(b, a);  // one order, whichever came first
    if (map) std::swap(map->from_a, map->from_b);
    return map;
  }
  numeric::Matrix fit_a, fit_b, test_a, test_b;
  bool usable[2] = {};
  base::parallel_for(2, base::worker_count(), [&](std::size_t side) {
    numeric::Matrix &fit = side == 0 ? fit_a : fit_b, &test = side == 0 ? test_a : test_b;
    fit = alternate_rows(side == 0 ? a : b, 0);
    test = alternate_rows(side == 0 ? a : b, 1);
    numeric::normalise_rows(fit);
    numeric::normalise_rows(test);
    const double norm = numeric::dot(fit.values, fit.values);
    usable[side] = norm > 0 && std::isfinite(norm);
  });
  if (!usable[0] || !usable[1]) return std::nullopt;
  const std::size_t dimensions = std::min({kMostDimensions, a.columns, b.columns, fit_a.rows});
  std::optional<numeric::Matrix> basis_a, basis_b;
  numeric::Matrix in_a, in_b;  // tokens fitted on, in the bases
  base::parallel_for(2, base::worker_count(), [&](std::size_t side) {
    const numeric::Matrix& fit = side == 0 ? fit_a : fit_b;
    std::optional<numeric::Matrix>& basis = side == 0 ? basis_a : basis_b;
    basis = subspace(fit, dimensions);
    if (basis) (side == 0 ? in_a : in_b) = mapped(fit, *basis);
  });
  if (!basis_a || !basis_b) return std::nullopt;
  const numeric::Matrix cross = product_of_transposes(in_a, in_b);
  auto factor = numeric::orthogonal_factor(cross.values, dimensions);  // a * factor ~ b
  if (!factor) return std::nullopt;
  numeric::Matrix turn(dimensions, dimensions);
  turn.values = *std::move(factor);
  ResidualMap map{mapped(numeric::transposed(turn), numeric::transposed(*basis_a)), *basis_b, 0,
                  fit_a.rows};
  base::parallel_for(2, base::worker_count(), [&](std::size_t side) {
    (side == 0 ? in_a : in_b) = side == 0 ? mapped(test_a, map.from_a) : mapped(test_b, map.from_b);
  });
  map.held_out_cosine = mean_cosine(in_a, in_b);
  return map;
}

}  // namespace prov::forensics
