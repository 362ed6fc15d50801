// Seeded random matrices for tests; the same on every machine.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "numeric/matrix.hpp"

namespace prov::tests {

using numeric::Matrix;

/// splitmix64 and Box-Muller: unlike those of the standard library, its distributions are the same
/// everywhere.
class RandomSource {
 public:
  explicit RandomSource(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  double uniform() { return (static_cast<double>(next() >> 11U) + 0.5) / 9007199254740992.0; }
  float normal() {
    return static_cast<float>(std::sqrt(-2 * std::log(uniform())) *
                              std::cos(2 * std::numbers::pi * uniform()));
  }

 private:
  std::uint64_t state_;
};

inline Matrix random_matrix(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Matrix matrix(rows, columns);
  RandomSource random(seed);
  for (float& value : matrix.values) value = random.normal();
  return matrix;
}

/// Row i of the result is row order[i] of `matrix`; a random order of [0, rows).
inline std::vector<std::size_t> random_order(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  RandomSource random(seed);
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.next() % i]);
  return order;
}

inline Matrix reordered(const Matrix& matrix, const std::vector<std::size_t>& order) {
  Matrix result(matrix.rows, matrix.columns);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j) result.row(i)[j] = matrix.row(order[i])[j];
  }
  return result;
}

/// a + strength * b, element by element.
inline Matrix mixed(Matrix a, float strength, const Matrix& b) {
  for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] += strength * b.values[i];
  return a;
}

/// A product of Householder reflections applied to the features: an orthogonal change of basis.
inline Matrix rotated(Matrix matrix, std::uint64_t seed) {
  for (std::uint64_t step = 0; step < 8; ++step) {
    Matrix axis = random_matrix(1, matrix.columns, seed + step);
    numeric::normalise_rows(axis);
    for (std::size_t i = 0; i < matrix.rows; ++i) {
      double overlap = 0;
      for (std::size_t j = 0; j < matrix.columns; ++j)
        overlap += static_cast<double>(matrix.row(i)[j]) * static_cast<double>(axis.values[j]);
      for (std::size_t j = 0; j < matrix.columns; ++j)
        matrix.row(i)[j] -= static_cast<float>(2 * overlap) * axis.values[j];
    }
  }
  return matrix;
}

}  // namespace prov::tests
