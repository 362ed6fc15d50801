#include "forensics/assignment_identity.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "numeric/assignment.hpp"
#include "numeric/gemm.hpp"
#include "numeric/log_probability.hpp"
#include "numeric/rank_correlation.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestUnits = 8;

void normalise_columns(numeric::Matrix& matrix) {
  std::vector<double> squares(matrix.columns, 0);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j)
      squares[j] += std::pow(static_cast<double>(matrix.row(i)[j]), 2);
  }
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j) {
      if (squares[j] > 0)
        matrix.row(i)[j] =
            static_cast<float>(static_cast<double>(matrix.row(i)[j]) / std::sqrt(squares[j]));
    }
  }
}

}  // namespace

std::optional<AssignmentIdentity> assignment_identity(numeric::Matrix a, numeric::Matrix b) {
  if (a.rows != b.rows || a.columns != b.columns || a.rows < kFewestUnits) return std::nullopt;
  for (numeric::Matrix* matrix : {&a, &b}) {
    normalise_columns(*matrix);
    numeric::normalise_rows(*matrix);
  }
  const std::size_t n = a.rows;
  std::vector<float> scores(n * n);
  numeric::multiply_by_transpose(a.values, n, b.values, n, a.columns, scores);
  const std::vector<std::uint32_t> partner = numeric::best_assignment(scores, n, n);
  AssignmentIdentity result{.units = n};
  for (std::size_t i = 0; i < n; ++i)
    result.value += static_cast<double>(scores[i * n + partner[i]]) / static_cast<double>(n);
  result.spearman = numeric::rank_correlation(partner).value_or(0);
  result.log10_p = numeric::log10_spearman_tail(result.spearman, n);
  return result;
}

}  // namespace prov::forensics
