// A small dense matrix of sampled weights, and what is done to it before two of them are compared.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace prov::numeric {

/// Row-major. Rows are the units of the axis under test, columns the features that describe a unit.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values;  // rows * columns

  Matrix() = default;
  Matrix(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), values(row_count * column_count) {}

  std::span<float> row(std::size_t i) { return std::span(values).subspan(i * columns, columns); }
  std::span<const float> row(std::size_t i) const {
    return std::span(values).subspan(i * columns, columns);
  }
};

Matrix transposed(const Matrix& matrix);
/// Scales each row to unit Euclidean length. A row of zeros stays. Heavy row norms would fatten the
/// tail of the null.
void normalise_rows(Matrix& matrix);
/// x[i] *= factors[i]. Equal sizes.
void multiply(std::span<float> x, std::span<const float> factors);
/// Subtracts from each column its mean.
void centre_columns(Matrix& matrix);
/// Subtracts from each row its mean.
void centre_rows(Matrix& matrix);
/// The columns of `blocks` side by side; all have equally many rows.
Matrix side_by_side(std::span<const Matrix> blocks);
/// The first `count` rows, or as many as there are.
Matrix first_rows(const Matrix& matrix, std::size_t count);
/// Sets NaN and infinities to 0 and returns how many there were.
std::size_t clear_non_finite(std::span<float> values);

}  // namespace prov::numeric
