// One-sided Jacobi rotations (Hestenes 1958): the singular value decomposition of small matrices,
// exact to rounding for small singular values too.
#pragma once

#include <cstddef>
#include <vector>

namespace prov::numeric {

/// A small dense matrix in double, row-major.
struct DoubleMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> values;  // rows * columns

  DoubleMatrix(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), values(row_count * column_count) {}
  double* row(std::size_t i) { return values.data() + i * columns; }
  const double* row(std::size_t i) const { return values.data() + i * columns; }
};

DoubleMatrix identity_matrix(std::size_t size);

/// Rotates pairs of rows of `a`, and the same rows of `turned`, until the rows of `a` are
/// orthogonal, the longest first. With turned = I before: turned_after a_before = a_after,
/// turned_after orthogonal; the row lengths of a_after are the singular values of a_before. All
/// values finite; a.rows == turned.rows. Fixed order of rotations: the same bits everywhere.
/// O(rows^2 columns) for each of about ten sweeps. One thread. Thread-safe.
void orthogonalise_rows(DoubleMatrix& a, DoubleMatrix& turned);

/// Scales each row of `a`, which are orthogonal with the longest first, to unit length, and
/// replaces rows that are zero up to rounding so that all rows are orthonormal. a.rows <=
/// a.columns.
void complete_orthonormal(DoubleMatrix& a);

}  // namespace prov::numeric
