#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace prov::numeric {

/// The min(rows, columns) singular values of a row-major matrix, descending, >= 0: square roots of
/// the eigenvalues of the smaller Gram matrix in double, so that each is within 1e-7 of the largest
/// one. values.size() == rows * columns. std::nullopt if a value is not finite. O(min^2 max): 256 x
/// 256 takes some milliseconds. One thread. Thread-safe.
std::optional<std::vector<double>> singular_values(std::span<const float> values, std::size_t rows,
                                                   std::size_t columns);

}  // namespace prov::numeric
