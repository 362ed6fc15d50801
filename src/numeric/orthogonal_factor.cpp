#include "numeric/orthogonal_factor.hpp"

#include <algorithm>
#include <cmath>

#include "numeric/jacobi.hpp"
#include "numeric/kernels/kernels.hpp"

namespace prov::numeric {
namespace {

DoubleMatrix transposed(const DoubleMatrix& matrix) {
  DoubleMatrix result(matrix.columns, matrix.rows);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j) result.row(j)[i] = matrix.row(i)[j];
  }
  return result;
}

}  // namespace

std::optional<std::vector<float>> orthogonal_factor(std::span<const float> c, std::size_t size) {
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!std::all_of(c.begin(), c.end(), finite)) return std::nullopt;
  // J C has orthogonal rows S V^T, J is U^T, so that Q = J^T (the rows of J C at unit length).
  DoubleMatrix right(size, size);
  std::copy(c.begin(), c.end(), right.values.begin());
  DoubleMatrix left = identity_matrix(size);
  orthogonalise_rows(right, left);
  complete_orthonormal(right);
  const DoubleMatrix u = transposed(left), v = transposed(right);
  std::vector<float> factor(size * size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j)
      factor[i * size + j] = static_cast<float>(kernels().dot_f64(u.row(i), v.row(j), size));
  }
  return factor;
}

}  // namespace prov::numeric
