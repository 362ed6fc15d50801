// Does one model hold a constant multiple of the other, beside weights of a stranger?
//
// A linear merge with a model that shares nothing with A puts B = w A + rest, one w for all
// matrices. The slope of B on A in a matrix of N elements is then w, up to a standard error of
// ||rest|| / ||A|| / sqrt(N). Training from a common start moves each layer and each kind of matrix
// by another amount, so its slopes differ far beyond their errors.
#pragma once

#include <cstddef>
#include <optional>

#include "verdict/measured_matrices.hpp"

namespace prov::verdict {

struct LinearShare {
  bool b_is_child = true;    // B is a multiple of A and a remainder; else A of B
  double weight = 0;         // mean of the slopes, each by its precision
  double spread = 0;         // their standard deviation, likewise
  double excess = 0;         // mean square of (slope - weight) / standard error: 1 of independent
                             // elements, some times more where elements go together
  bool only_child = false;   // the slopes the other way round are not uniform
  std::size_t matrices = 0;  // that were looked at
};

/// std::nullopt where neither model is such a multiple with a weight of 0.05 to 0.97, or fewer than
/// 8 matrices answer each other. Lines: docs/lines.md. Pure.
std::optional<LinearShare> find_linear_share(const MatrixChanges& matrices);

/// The direction of smaller spread among those with such a weight, uniform or not: the numbers that
/// the lines are drawn from. `only_child` is not set. Pure.
std::optional<LinearShare> most_uniform_slopes(const MatrixChanges& matrices);

}  // namespace prov::verdict
