// If every hidden unit may choose its counterpart freely, does it choose the one at its own place?
//
// S = cosines of the rows of A and B, columns scaled to unit norm first; sigma = the assignment
// that maximises the sum; r = Spearman(sigma, identity). If the units of one model are
// exchangeable, sigma is a uniform random permutation, whatever the weights look like, and t = r
// sqrt((n-2)/(1-r^2)) has the tail of Student's t with n - 2 degrees of freedom (phi_U of Zhu et
// al. 2025, 2502.12292, theorem 2). Independent layers combine by Fisher. The value of the
// assignment, the mean matched cosine, does not depend on the order of the units at all: it sees
// through a permutation, and only a background says what it is worth.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "numeric/matrix.hpp"

namespace prov::forensics {

struct AssignmentIdentity {
  std::size_t units = 0;  // n
  double spearman = 0;    // [-1, 1]
  double log10_p = 0;     // one-sided
  double value = 0;       // mean matched cosine, [-1, 1]
};

/// std::nullopt if the shapes differ or n < 8. O(n^3) at worst. Thread-safe.
std::optional<AssignmentIdentity> assignment_identity(numeric::Matrix a, numeric::Matrix b);

}  // namespace prov::forensics
