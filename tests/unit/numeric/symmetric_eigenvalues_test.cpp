#include "numeric/symmetric_eigenvalues.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace prov::numeric {
namespace {

/// The second difference matrix, whose eigenvalues are 2 - 2 cos(k pi / (n + 1)), turned by a
/// reflection so that it is full.
std::vector<double> full_matrix(std::size_t n) {
  std::vector<double> u(n), plain(n * n, 0), left(n * n), result(n * n);
  double length = 0;
  for (std::size_t i = 0; i < n; ++i) {
    u[i] = 1 + static_cast<double>(i % 7);
    length += u[i] * u[i];
    plain[i * n + i] = 2;
    if (i > 0) plain[i * n + i - 1] = plain[(i - 1) * n + i] = -1;
  }
  const auto reflector = [&](std::size_t i, std::size_t j) {
    return (i == j ? 1.0 : 0.0) - 2 * u[i] * u[j] / length;
  };
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t k = 0; k < n; ++k) left[i * n + j] += reflector(i, k) * plain[k * n + j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t k = 0; k < n; ++k) result[i * n + j] += left[i * n + k] * reflector(k, j);
    }
  }
  return result;
}

TEST(SymmetricEigenvalues, AreThoseOfAKnownMatrix) {
  for (const std::size_t n : {1U, 2U, 3U, 40U, 97U}) {
    const std::vector<double> values = symmetric_eigenvalues(full_matrix(n), n);
    ASSERT_EQ(values.size(), n);
    for (std::size_t k = 0; k < n; ++k) {
      const double angle =
          static_cast<double>(k + 1) * std::numbers::pi / static_cast<double>(n + 1);
      EXPECT_NEAR(values[k], 2 - 2 * std::cos(angle), 1e-13) << n;
    }
  }
}

TEST(SymmetricEigenvalues, OfRankOneMatrixAndOfZero) {
  constexpr std::size_t n = 30;
  std::vector<double> one(n * n, 2.0);
  const std::vector<double> values = symmetric_eigenvalues(one, n);
  ASSERT_EQ(values.size(), n);
  EXPECT_NEAR(values.back(), 60, 1e-12);
  EXPECT_NEAR(values[n - 2], 0, 1e-12);
  EXPECT_NEAR(values.front(), 0, 1e-12);
  EXPECT_EQ(symmetric_eigenvalues(std::vector<double>(9, 0), 3), std::vector<double>(3, 0));
}

TEST(SymmetricEigenvalues, AreAbsentForBadInput) {
  EXPECT_TRUE(symmetric_eigenvalues({}, 0).empty());
  EXPECT_TRUE(symmetric_eigenvalues({1, 2, 3}, 2).empty());
  EXPECT_TRUE(
      symmetric_eigenvalues({1, 0, std::numeric_limits<double>::quiet_NaN(), 1}, 2).empty());
  EXPECT_TRUE(symmetric_eigenvalues({std::numeric_limits<double>::infinity()}, 1).empty());
}

}  // namespace
}  // namespace prov::numeric
