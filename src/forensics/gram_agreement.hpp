// Do two sets of units have the same geometry, whatever the basis their features are written in?
//
// K = A A^T, L = B B^T (n x n, diagonals dropped, rows and columns centred without bias); CKA = <K,
// L> / (||K|| ||L||) (Song et al. 2012; Davari et al. 2022). An orthogonal map of the features of
// one model changes nothing, so a rotated or permuted residual stream is seen through. Under a
// shuffle of the units CKA has mean 0 and, for centred K and L, standard deviation sqrt(2 / (n (n -
// 1))).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "numeric/matrix.hpp"

namespace prov::forensics {

/// A Gram matrix without its diagonal, every row and column summing to 0.
struct CentredGram {
  std::size_t units = 0;      // n
  std::vector<float> values;  // n * n
  double norm2 = 0;           // sum of squares
};

/// Rows are units; any number of features. O(n^2 m).
CentredGram centred_gram(const numeric::Matrix& matrix);
/// The features of all blocks together; every block has the same units.
CentredGram centred_gram(std::span<const numeric::Matrix> blocks);

struct GramAgreement {
  double cka = 0;         // [-1, 1]; about the square of the cosine of matching units
  double z = 0;           // in standard deviations of the shuffled units
  std::size_t units = 0;  // n
};

/// std::nullopt if the unit counts differ, n < 8, or a Gram matrix does not vary. Exactly symmetric
/// in a and b. O(n^2). Thread-safe.
std::optional<GramAgreement> gram_agreement(const CentredGram& a, const CentredGram& b);
std::optional<GramAgreement> gram_agreement(const numeric::Matrix& a, const numeric::Matrix& b);

}  // namespace prov::forensics
