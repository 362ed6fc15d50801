#include "numeric/main_subspace.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "base/parallel_for.hpp"
#include "numeric/gemm.hpp"
#include "numeric/jacobi.hpp"
#include "numeric/kernels/kernels.hpp"
#include "numeric/sums.hpp"

namespace prov::numeric {
namespace {

constexpr int kIterations = 6;
constexpr std::size_t kSpare = 16;  // vectors beside those wanted: what is beyond them fades faster
constexpr double kLeastPart = 1e-5;  // of the first singular value: less is rounding

/// Row-major.
struct Rows {
  std::size_t count, columns;
  std::vector<float> values;

  Rows(std::size_t row_count, std::size_t column_count)
      : count(row_count), columns(column_count), values(row_count * column_count) {}
  std::span<float> row(std::size_t i) { return std::span(values).subspan(i * columns, columns); }
};

Rows transposed(std::span<const float> values, std::size_t rows, std::size_t columns) {
  constexpr std::size_t kTile = 32;  // both sides stay in L1
  Rows result(columns, rows);
  for (std::size_t first = 0; first < rows; first += kTile) {
    for (std::size_t j = 0; j < columns; ++j) {
      for (std::size_t i = first; i < std::min(first + kTile, rows); ++i)
        result.values[j * rows + i] = values[i * columns + j];
    }
  }
  return result;
}

/// b a^T as b.count x a_rows: the rows of a, of which there are many, go to the threads.
Rows product(std::span<const float> a, std::size_t a_rows, const Rows& b, std::size_t workers) {
  Rows rows(a_rows, b.count);
  const std::size_t share = (a_rows + workers - 1) / workers;
  base::parallel_for(workers, workers, [&](std::size_t worker) {
    const std::size_t begin = std::min(worker * share, a_rows);
    const std::size_t count = std::min(share, a_rows - begin);
    multiply_by_transpose(a.subspan(begin * b.columns, count * b.columns), count, b.values, b.count,
                          b.columns,
                          std::span(rows.values).subspan(begin * b.count, count * b.count));
  });
  return transposed(rows.values, a_rows, b.count);
}

/// Makes `row` orthogonal to a unit vector.
void remove_part(std::span<float> row, std::span<const float> unit) {
  const auto overlap = static_cast<float>(dot(row, unit));
  kernels().subtract_multiple(row.data(), overlap, unit.data(), row.size());
}

/// A row that nothing is left of becomes zero.
void normalise(std::span<float> row) {
  const double length = std::sqrt(dot(row, row));
  const auto scale = static_cast<float>(length > 1e-20 ? 1 / length : 0);
  for (float& value : row) value *= scale;
}

/// Modified Gram-Schmidt, some rows at a time so that the threads seldom wait.
void orthonormalise(Rows& rows, std::size_t workers) {
  constexpr std::size_t kAtOnce = 16;
  for (std::size_t begin = 0; begin < rows.count; begin += kAtOnce) {
    const std::size_t end = std::min(begin + kAtOnce, rows.count);
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t j = begin; j < i; ++j) remove_part(rows.row(i), rows.row(j));
      normalise(rows.row(i));
    }
    base::parallel_for(rows.count - end, workers, [&](std::size_t later) {
      for (std::size_t j = begin; j < end; ++j) remove_part(rows.row(end + later), rows.row(j));
    });
  }
}

Rows fixed_signs(std::size_t count, std::size_t columns) {
  Rows rows(count, columns);
  std::uint64_t state = 0x9E3779B97F4A7C15U;
  for (float& value : rows.values) {  // xorshift64 (Marsaglia 2003)
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    value = (state & 1U) != 0 ? 1.0F : -1.0F;
  }
  return rows;
}

/// Unit rows that combine `rows` into the directions in which `parts`, what lies in each of them,
/// is largest; absent if fewer than `count` have anything.
std::optional<Rows> main_combinations(const Rows& parts, std::size_t count) {
  const Rows gram = product(parts.values, parts.count, parts, 1);
  DoubleMatrix squares(gram.count, gram.count), combinations = identity_matrix(gram.count);
  std::copy(gram.values.begin(), gram.values.end(), squares.values.begin());
  orthogonalise_rows(squares, combinations);
  const auto eigenvalue = [&](std::size_t i) {
    double square = 0;
    for (std::size_t j = 0; j < squares.columns; ++j)
      square += squares.row(i)[j] * squares.row(i)[j];
    return std::sqrt(square);
  };
  if (!(eigenvalue(count - 1) > eigenvalue(0) * kLeastPart * kLeastPart)) return std::nullopt;
  Rows result(count, gram.count);
  for (std::size_t i = 0; i < count * gram.count; ++i)
    result.values[i] = static_cast<float>(combinations.values[i]);
  return result;
}

/// The values over the largest of them, so that squares neither overflow nor vanish; absent if
/// there is none or one is not finite.
std::optional<std::vector<float>> scaled_to_one(std::span<const float> values) {
  float largest = 0;
  for (const float value : values) {
    if (!std::isfinite(value)) return std::nullopt;
    largest = std::max(largest, std::abs(value));
  }
  if (!(largest > std::numeric_limits<float>::min())) return std::nullopt;
  std::vector<float> scaled(values.begin(), values.end());
  for (float& value : scaled) value /= largest;
  return scaled;
}

/// Orthonormal rows; false if a row was all but a combination of those before it.
bool orthonormalise_independent(Rows& rows, std::size_t workers) {
  const Rows before = rows;
  orthonormalise(rows, workers);
  for (std::size_t i = 0; i < rows.count; ++i) {
    const auto old = std::span(before.values).subspan(i * rows.columns, rows.columns);
    const double own = std::abs(dot(rows.row(i), old));
    if (!(own > kLeastPart * std::sqrt(dot(old, old)))) return false;
  }
  return true;
}

}  // namespace

std::optional<std::vector<float>> main_subspace(std::span<const float> values, std::size_t rows,
                                                std::size_t columns, std::size_t count,
                                                std::size_t workers) {
  if (count == 0 || count > std::min(rows, columns)) return std::nullopt;
  workers = std::max<std::size_t>(workers, 1);
  const std::optional<std::vector<float>> scaled = scaled_to_one(values);
  if (!scaled) return std::nullopt;

  const Rows by_column = transposed(*scaled, rows, columns);
  Rows basis = fixed_signs(std::min(count + kSpare, std::min(rows, columns)), columns);
  orthonormalise(basis, workers);
  for (int i = 0; i < kIterations; ++i) {
    const Rows parts = product(*scaled, rows, basis, workers);
    basis = product(by_column.values, columns, parts, workers);
    orthonormalise(basis, workers);
  }
  orthonormalise(basis, workers);
  const std::optional<Rows> combinations =
      main_combinations(product(*scaled, rows, basis, workers), count);
  if (!combinations) return std::nullopt;
  const Rows by_coordinate = transposed(basis.values, basis.count, columns);
  Rows result = product(by_coordinate.values, columns, *combinations, workers);
  orthonormalise(result, workers);
  orthonormalise(result, workers);
  return std::move(result.values);
}

std::optional<std::vector<float>> row_combinations(std::span<const float> values, std::size_t rows,
                                                   std::size_t columns, std::size_t count,
                                                   std::size_t workers) {
  constexpr int kSteps = 2;
  if (count == 0 || count > std::min(rows, columns)) return std::nullopt;
  workers = std::max<std::size_t>(workers, 1);
  const std::optional<std::vector<float>> scaled = scaled_to_one(values);
  if (!scaled) return std::nullopt;
  const Rows by_column = transposed(*scaled, rows, columns);
  // The signs belong to the rows, not to the columns: that is why the basis follows a rotation.
  Rows basis = product(by_column.values, columns, fixed_signs(count, rows), workers);
  if (!orthonormalise_independent(basis, workers)) return std::nullopt;
  for (int i = 0; i < kSteps; ++i) {
    basis = product(by_column.values, columns, product(*scaled, rows, basis, workers), workers);
    orthonormalise(basis, workers);
  }
  orthonormalise(basis, workers);
  return std::move(basis.values);
}

}  // namespace prov::numeric
