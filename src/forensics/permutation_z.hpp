// The exact permutation z: do two matrices agree row by row more than a shuffle of one of them
// would?
//
// A, B: n units x m features, both in the same feature basis; a, b: the same with column means
// removed.
//   T = sum_i <a_i, b_i>      E_pi T = 0      Var_pi T = ||a b^T||_F^2 / (n - 1)      z = T /
//   sqrt(Var_pi T)
// over all n! orders of the rows of B (Hoeffding 1951). Nothing is assumed about the distribution
// of the weights: only that the rows of one model are exchangeable if the models are independent.
// What all rows share (means, outlier columns) cancels.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "numeric/matrix.hpp"

namespace prov::forensics {

struct PermutationTest {
  double z = 0;
  double cosine = 0;         // T / (||a|| ||b||), [-1, 1]: the effect size
  std::size_t units = 0;     // n
  std::size_t features = 0;  // m
};

/// std::nullopt if the shapes differ, n < 8, or a matrix does not vary (z would be 0 / 0). Exactly
/// symmetric in a and b. Rows should be normalised (normalise_rows). O(n^2 m). Thread-safe.
std::optional<PermutationTest> permutation_test(numeric::Matrix a, numeric::Matrix b);

/// sum z / sqrt(count): standard normal if the parts are independent. Must not be empty.
double stouffer(std::span<const double> z);

}  // namespace prov::forensics
