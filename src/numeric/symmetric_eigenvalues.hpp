#pragma once

#include <cstddef>
#include <vector>

namespace prov::numeric {

/// All eigenvalues of a symmetric matrix, ascending: Householder's reduction to three diagonals,
/// then implicit QL (EISPACK tred1, tql1). Absolute error some 1e-15 of the largest. `matrix` holds
/// n * n values row by row, of which the lower triangle is read. Empty if n is 0, a value is not
/// finite, or QL does not converge in 60 steps an eigenvalue. O(n^3), one thread, the same bits on
/// every CPU. Thread-safe.
std::vector<double> symmetric_eigenvalues(std::vector<double> matrix, std::size_t n);

}  // namespace prov::numeric
