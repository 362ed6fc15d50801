#include "numeric/jacobi.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace prov::numeric {
namespace {

double product(const DoubleMatrix& a, std::size_t i, std::size_t j) {
  double sum = 0;
  for (std::size_t k = 0; k < a.columns; ++k) sum += a.row(i)[k] * a.row(j)[k];
  return sum;
}

DoubleMatrix waves(std::size_t rows, std::size_t columns) {
  DoubleMatrix a(rows, columns);
  for (std::size_t i = 0; i < a.values.size(); ++i)
    a.values[i] = std::sin(static_cast<double>(i * i % 1009));
  return a;
}

TEST(OrthogonaliseRows, KeepsTheProductAndSortsTheRows) {
  const DoubleMatrix before = waves(13, 21);
  DoubleMatrix after = before, turned = identity_matrix(13);
  orthogonalise_rows(after, turned);
  for (std::size_t i = 0; i < 13; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NEAR(product(after, i, j), 0, 1e-12);
      EXPECT_NEAR(product(turned, i, j), 0, 1e-13);
    }
    EXPECT_NEAR(product(turned, i, i), 1, 1e-13);
    EXPECT_LE(product(after, i, i), product(after, i - (i > 0), i - (i > 0)) * (1 + 1e-14));
    for (std::size_t k = 0; k < 21; ++k) {
      double sum = 0;
      for (std::size_t j = 0; j < 13; ++j) sum += turned.row(i)[j] * before.row(j)[k];
      EXPECT_NEAR(sum, after.row(i)[k], 1e-12);
    }
  }
}

TEST(OrthogonaliseRows, KeepsSmallSingularValuesExact) {
  // diag(1, 1e-10) between two rotations: a Gram matrix would lose the small one.
  DoubleMatrix a(2, 2);
  const double c = std::cos(0.3), s = std::sin(0.3), tiny = 1e-10;
  a.values = {c * c - s * tiny * s, c * s + s * tiny * c, s * c + c * tiny * s,
              s * s - c * tiny * c};
  DoubleMatrix turned = identity_matrix(2);
  orthogonalise_rows(a, turned);
  EXPECT_NEAR(std::sqrt(product(a, 0, 0)), 1, 1e-14);
  EXPECT_NEAR(std::sqrt(product(a, 1, 1)) / tiny, 1, 1e-5);
}

TEST(CompleteOrthonormal, ReplacesRowsOfZero) {
  DoubleMatrix a(4, 5);
  a.row(0)[2] = 3;
  a.row(1)[0] = a.row(1)[1] = 1;
  a.row(2)[4] = 1e-17;  // rounding
  complete_orthonormal(a);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j <= i; ++j) EXPECT_NEAR(product(a, i, j), i == j ? 1 : 0, 1e-14);
  }
  EXPECT_DOUBLE_EQ(a.row(0)[2], 1);
}

}  // namespace
}  // namespace prov::numeric
