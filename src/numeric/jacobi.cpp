#include "numeric/jacobi.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numeric/kernels/kernels.hpp"

namespace prov::numeric {
namespace {

constexpr int kMostSweeps = 40;
constexpr double kOrthogonal = 1e-14;  // the largest cosine of two rows that counts as none

double dot(const double* a, const double* b, std::size_t n) { return kernels().dot_f64(a, b, n); }

/// Rows shorter than this part of the longest are what rounding left of zero.
double rounding_part(const DoubleMatrix& a) {
  return std::numeric_limits<double>::epsilon() * static_cast<double>(std::max(a.rows, a.columns));
}

/// Puts the longest of the rows from `first` on there (de Rijk 1989: fewer sweeps, sorted rows).
void bring_longest(DoubleMatrix& a, DoubleMatrix& turned, std::vector<double>& squares,
                   std::size_t first) {
  const auto begin = squares.begin() + static_cast<std::ptrdiff_t>(first);
  const auto longest =
      static_cast<std::size_t>(std::max_element(begin, squares.end()) - squares.begin());
  if (longest == first) return;
  std::swap(squares[first], squares[longest]);
  std::swap_ranges(a.row(first), a.row(first) + a.columns, a.row(longest));
  std::swap_ranges(turned.row(first), turned.row(first) + turned.columns, turned.row(longest));
}

}  // namespace

DoubleMatrix identity_matrix(std::size_t size) {
  DoubleMatrix result(size, size);
  for (std::size_t i = 0; i < size; ++i) result.row(i)[i] = 1;
  return result;
}

void orthogonalise_rows(DoubleMatrix& a, DoubleMatrix& turned) {
  std::vector<double> squares(a.rows);  // of the row lengths
  bool rotated = true;
  for (int sweep = 0; sweep < kMostSweeps && rotated; ++sweep) {
    rotated = false;
    for (std::size_t i = 0; i < a.rows; ++i) squares[i] = dot(a.row(i), a.row(i), a.columns);
    for (std::size_t i = 0; i < a.rows; ++i) {
      bring_longest(a, turned, squares, i);
      const double zero = squares[i] * rounding_part(a) * rounding_part(a);
      for (std::size_t j = i + 1; j < a.rows; ++j) {
        if (!(squares[j] > zero)) continue;
        const double overlap = dot(a.row(i), a.row(j), a.columns);
        if (!(std::abs(overlap) > kOrthogonal * std::sqrt(squares[i]) * std::sqrt(squares[j])))
          continue;
        rotated = true;
        // The smaller angle that makes the rows orthogonal (Golub and Van Loan, 8.5.2).
        const double half = (squares[j] - squares[i]) / (2 * overlap);
        const double tangent = (half >= 0 ? 1 : -1) / (std::abs(half) + std::sqrt(1 + half * half));
        const double cosine = 1 / std::sqrt(1 + tangent * tangent);
        const double sine = cosine * tangent;
        kernels().rotate_f64(a.row(i), a.row(j), a.columns, cosine, sine);
        kernels().rotate_f64(turned.row(i), turned.row(j), turned.columns, cosine, sine);
        squares[i] -= tangent * overlap;
        squares[j] += tangent * overlap;
      }
    }
  }
  for (std::size_t i = 0; i < a.rows; ++i) squares[i] = dot(a.row(i), a.row(i), a.columns);
  for (std::size_t i = 0; i < a.rows; ++i) bring_longest(a, turned, squares, i);
}

void complete_orthonormal(DoubleMatrix& a) {
  if (a.rows == 0) return;
  const double longest = std::sqrt(dot(a.row(0), a.row(0), a.columns));
  std::vector<double> taken(a.columns);  // of each axis: the part that lies in the rows so far
  for (std::size_t i = 0; i < a.rows; ++i) {
    double* row = a.row(i);
    double length = std::sqrt(dot(row, row, a.columns));
    if (!(length > longest * rounding_part(a))) {
      // The axis that the rows so far cover least, less what they cover; twice for the rounding.
      const auto axis = std::min_element(taken.begin(), taken.end()) - taken.begin();
      std::fill_n(row, a.columns, 0.0);
      row[axis] = 1;
      for (int again = 0; again < 2; ++again) {
        for (std::size_t j = 0; j < i; ++j) {
          const double overlap = dot(row, a.row(j), a.columns);
          for (std::size_t k = 0; k < a.columns; ++k) row[k] -= overlap * a.row(j)[k];
        }
      }
      length = std::sqrt(dot(row, row, a.columns));
    }
    for (std::size_t k = 0; k < a.columns; ++k) {
      row[k] /= length;
      taken[k] += row[k] * row[k];
    }
  }
}

}  // namespace prov::numeric
