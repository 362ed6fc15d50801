#include "numeric/matrix.hpp"

#include <algorithm>
#include <cmath>

#include "numeric/kernels/kernels.hpp"
#include "numeric/sums.hpp"

namespace prov::numeric {

Matrix transposed(const Matrix& matrix) {
  constexpr std::size_t kTile = 32;  // both sides stay in L1
  Matrix result(matrix.columns, matrix.rows);
  for (std::size_t first = 0; first < matrix.rows; first += kTile) {
    for (std::size_t j = 0; j < matrix.columns; ++j) {
      for (std::size_t i = first; i < std::min(first + kTile, matrix.rows); ++i)
        result.values[j * matrix.rows + i] = matrix.values[i * matrix.columns + j];
    }
  }
  return result;
}

void normalise_rows(Matrix& matrix) {
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    const std::span<float> row = matrix.row(i);
    const double norm = std::sqrt(numeric::dot(row, row));
    if (!(norm > 0)) continue;
    const double factor = 1 / norm;
    for (float& value : row) value = static_cast<float>(static_cast<double>(value) * factor);
  }
}

void multiply(std::span<float> x, std::span<const float> factors) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] *= factors[i];
}

void centre_columns(Matrix& matrix) {
  if (matrix.rows == 0) return;
  std::vector<double> mean(matrix.columns, 0);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j)
      mean[j] += static_cast<double>(matrix.values[i * matrix.columns + j]);
  }
  for (double& value : mean) value /= static_cast<double>(matrix.rows);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    const std::span<float> row = matrix.row(i);
    for (std::size_t j = 0; j < row.size(); ++j)
      row[j] = static_cast<float>(static_cast<double>(row[j]) - mean[j]);
  }
}

void centre_rows(Matrix& matrix) {
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    const std::span<float> row = matrix.row(i);
    double sum = 0;
    for (float value : row) sum += static_cast<double>(value);
    const auto mean = static_cast<float>(sum / static_cast<double>(row.size()));
    for (float& value : row) value -= mean;
  }
}

Matrix side_by_side(std::span<const Matrix> blocks) {
  std::size_t columns = 0;
  for (const Matrix& block : blocks) columns += block.columns;
  Matrix result(blocks.empty() ? 0 : blocks.front().rows, columns);
  for (std::size_t i = 0; i < result.rows; ++i) {
    std::size_t at = 0;
    for (const Matrix& block : blocks) {
      std::ranges::copy(block.row(i), result.row(i).begin() + static_cast<std::ptrdiff_t>(at));
      at += block.columns;
    }
  }
  return result;
}

Matrix first_rows(const Matrix& matrix, std::size_t count) {
  Matrix result(std::min(count, matrix.rows), matrix.columns);
  std::copy_n(matrix.values.begin(), result.values.size(), result.values.begin());
  return result;
}

std::size_t clear_non_finite(std::span<float> values) {
  std::size_t cleared = 0;
  for (std::size_t begin = 0; begin < values.size(); begin += kBlock) {
    const auto block = values.subspan(begin, std::min(kBlock, values.size() - begin));
    // A finite sum of squares has no other parts, and is the fastest look at them.
    if (std::isfinite(kernels().square_sum_f32(block.data(), block.size()))) continue;
    for (float& value : block) {
      if (std::isfinite(value)) continue;
      value = 0;
      ++cleared;
    }
  }
  return cleared;
}

}  // namespace prov::numeric
