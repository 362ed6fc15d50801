// What tools do to weights, done to small matrices.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "forensics/stored_precision.hpp"
#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {

inline numeric::Matrix stored_as(numeric::Matrix matrix, const StoredPrecision& precision) {
  for (float& value : matrix.values)
    value = static_cast<float>(rounded_to(precision, static_cast<double>(value)));
  return matrix;
}

/// A product of random factors, of deviation 1.
inline numeric::Matrix low_rank_matrix(std::size_t rows, std::size_t columns, std::size_t rank,
                                       std::uint64_t seed) {
  const numeric::Matrix left = random_matrix(rows, rank, seed),
                        right = random_matrix(columns, rank, seed + 1);
  numeric::Matrix product(rows, columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < rank; ++k)
        sum += static_cast<double>(left.row(i)[k]) * static_cast<double>(right.row(j)[k]);
      product.row(i)[j] = static_cast<float>(sum / std::sqrt(static_cast<double>(rank)));
    }
  }
  return product;
}

/// `change(group)` on every run of `size` columns.
template <class Change>
numeric::Matrix group_by_group(numeric::Matrix matrix, std::size_t size, Change change) {
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; j += size)
      change(matrix.row(i).subspan(j, std::min(size, matrix.columns - j)));
  }
  return matrix;
}

inline double largest_magnitude(std::span<const float> group) {
  double largest = 0;
  for (const float value : group) largest = std::max(largest, std::abs(static_cast<double>(value)));
  return largest;
}

/// Symmetric: scale = largest / most.
inline numeric::Matrix quantised(numeric::Matrix matrix, std::size_t size, double most) {
  return group_by_group(std::move(matrix), size, [&](std::span<float> group) {
    const double scale = largest_magnitude(group) / most;
    for (float& value : group)
      value = static_cast<float>(std::nearbyint(static_cast<double>(value) / scale) * scale);
  });
}

/// Keeps of every `length` columns the half that is largest.
inline numeric::Matrix half_pruned(numeric::Matrix matrix, std::size_t length) {
  return group_by_group(std::move(matrix), length, [&](std::span<float> group) {
    std::vector<std::pair<float, std::size_t>> sizes;
    for (std::size_t i = 0; i < group.size(); ++i) sizes.emplace_back(std::abs(group[i]), i);
    std::ranges::sort(sizes);
    for (std::size_t i = 0; i < sizes.size() / 2; ++i) group[sizes[i].second] = 0;
  });
}

}  // namespace prov::forensics
