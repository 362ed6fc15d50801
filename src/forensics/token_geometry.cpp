#include "forensics/token_geometry.hpp"

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "numeric/gemm.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestTokens = 64;
constexpr std::size_t kComponents = 16;
constexpr int kIterations =
    12;  // the components need not be exact, only the same for the same geometry

numeric::Matrix gram(const numeric::Matrix& rows) {
  numeric::Matrix result(rows.rows, rows.rows);
  numeric::multiply_by_transpose(rows.values, rows.rows, rows.values, rows.rows, rows.columns,
                                 result.values);
  return result;
}

/// Gram-Schmidt on the rows. A row that the others span becomes zero.
void orthonormalise(numeric::Matrix& vectors) {
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    const std::span<float> row = vectors.row(i);
    for (std::size_t j = 0; j < i; ++j) {
      const double overlap = numeric::dot(row, vectors.row(j));
      const std::span<const float> other = vectors.row(j);
      for (std::size_t k = 0; k < row.size(); ++k)
        row[k] -= static_cast<float>(overlap * static_cast<double>(other[k]));
    }
    const double norm = std::sqrt(numeric::dot(row, row));
    for (float& value : row)
      value = norm > 1e-20 ? static_cast<float>(static_cast<double>(value) / norm) : 0.0F;
  }
}

/// Orthonormal rows that span about the `kComponents` main components of a symmetric matrix:
/// subspace iteration from fixed signs.
numeric::Matrix main_components(const numeric::Matrix& symmetric) {
  numeric::Matrix vectors(kComponents, symmetric.rows);
  std::uint64_t state = 0x9E3779B97F4A7C15U;
  for (float& value : vectors.values) {  // xorshift64 (Marsaglia 2003)
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    value = (state & 1U) != 0 ? 1.0F : -1.0F;
  }
  orthonormalise(vectors);
  numeric::Matrix next(kComponents, symmetric.rows);
  for (int i = 0; i < kIterations; ++i) {
    numeric::multiply_by_transpose(vectors.values, kComponents, symmetric.values, symmetric.rows,
                                   symmetric.columns, next.values);
    std::swap(vectors, next);
    orthonormalise(vectors);
  }
  return vectors;
}

/// Cosines of all pairs of tokens in what the main components leave: (I - V^T V) K (I - V^T V),
/// scaled to a unit diagonal.
std::vector<double> residual_cosines(numeric::Matrix rows) {
  numeric::centre_columns(rows);
  numeric::normalise_rows(rows);
  numeric::centre_columns(rows);
  const numeric::Matrix k = gram(rows);
  const std::size_t n = k.rows;
  const numeric::Matrix components = main_components(k);
  numeric::Matrix projected(kComponents, n);  // V K
  numeric::multiply_by_transpose(components.values, kComponents, k.values, n, n, projected.values);
  numeric::Matrix core(kComponents, kComponents);  // V K V^T
  numeric::multiply_by_transpose(projected.values, kComponents, components.values, kComponents, n,
                                 core.values);

  // K - V^T (V K) - (V K)^T V + V^T core V = K - (X^T V + V^T X) with X = V K - core V / 2.
  const numeric::Matrix tokens = numeric::transposed(components);  // n x c
  numeric::Matrix half(n, kComponents);                            // X^T
  numeric::multiply_by_transpose(tokens.values, n, core.values, kComponents, kComponents,
                                 half.values);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t c = 0; c < kComponents; ++c)
      half.row(i)[c] = projected.row(c)[i] - half.row(i)[c] / 2;
  }
  numeric::Matrix removed(n, n);  // X^T V; its transpose is V^T X
  numeric::multiply_by_transpose(half.values, n, tokens.values, n, kComponents, removed.values);
  const auto left = [&](std::size_t i, std::size_t j) {
    return static_cast<double>(k.row(i)[j]) - static_cast<double>(removed.row(i)[j]) -
           static_cast<double>(removed.row(j)[i]);
  };
  std::vector<double> cosines;
  cosines.reserve(n * (n - 1) / 2);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      const double norms = left(i, i) * left(j, j);
      cosines.push_back(norms > 1e-20 ? left(i, j) / std::sqrt(norms) : 0);
    }
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
  return correlation(residual_cosines(a), residual_cosines(b));
}

}  // namespace prov::forensics
