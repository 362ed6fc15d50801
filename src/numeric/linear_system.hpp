// Small dense systems of linear equations.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace prov::numeric {

/// The inverse of the symmetric positive definite `size` x `size` matrix `a` (row-major), by
/// Cholesky's decomposition in double. std::nullopt where a row depends on those above it (its
/// pivot is below 1e-12 of its diagonal) or a number is not finite. a.size() == size * size.
std::optional<std::vector<double>> inverse_symmetric(std::span<const double> a, std::size_t size);

}  // namespace prov::numeric
