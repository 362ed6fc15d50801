// Zeros that one model has and the other has not: pruning, and which of the two was pruned.
#pragma once

#include <cstddef>
#include <optional>

#include "numeric/matrix.hpp"

namespace prov::forensics {

/// Aligned runs along the input axis of which at least half is zero: 2 of 4, 4 of 8.
struct SparsityPattern {
  double share = 0;   // of the runs, [0, 1]
  double chance = 0;  // the same if equally many zeros were scattered at random
};

/// Whole rows and columns of zeros in either matrix are left out first: padding and fresh rows are
/// not pruning. All shares are in [0, 1].
struct Sparsity {
  std::size_t elements = 0;
  double zeros_a = 0, zeros_b = 0;  // exact zeros
  double only_a = 0, only_b = 0;  // of the zeros of one side, those that are not zero in the other
  double untouched = 0;           // of the elements nonzero in both, those that are equal
  double survivor_cosine = 0;     // of the elements nonzero in both
  /// P(weight zeroed in the other model is smaller than one that was kept), by absolute value: 1
  /// for pruning by magnitude, 0.5 for zeros without regard to size. 0.5 if nothing was zeroed.
  double magnitude_order_a = 0.5;  // a's zeros, sizes from b
  double magnitude_order_b = 0.5;  // b's zeros, sizes from a
  SparsityPattern two_of_four_a, two_of_four_b, four_of_eight_a, four_of_eight_b;
};

/// std::nullopt if the shapes differ, a value is not finite, or nothing is left. Columns must begin
/// at a multiple of 8 of the input axis for the patterns to be aligned. Thread-safe.
std::optional<Sparsity> sparsity(const numeric::Matrix& a, const numeric::Matrix& b);

enum class PrunedSide { neither, a, b };

/// b if at least 1 % of all elements are zero in B alone, at most a hundredth as many in A alone,
/// and the survivors have a cosine of at least 0.9. Then B was made from A: a zero does not tell
/// what stood there.
PrunedSide pruned_side(const Sparsity& sparsity);

}  // namespace prov::forensics
