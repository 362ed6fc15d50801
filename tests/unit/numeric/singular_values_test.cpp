#include "numeric/singular_values.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace prov::numeric {
namespace {

using Values = std::vector<float>;

TEST(SingularValues, EqualTheReference) {
  // numpy 2.4.6, linalg.svd of the matrix with 1 / (i + j + 1) (Hilbert), 5 x 3 and 6 x 6.
  const auto hilbert = [](std::size_t rows, std::size_t columns) {
    Values values;
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j)
        values.push_back(1.0F / static_cast<float>(i + j + 1));
    }
    return values;
  };
  const std::vector<double> tall = *singular_values(hilbert(5, 3), 5, 3);
  const std::vector<double> expected_tall = {1.4804850103388583, 0.1578978892084081,
                                             0.005428764147587877};
  ASSERT_EQ(tall.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(tall[i], expected_tall[i], 1e-7);
  EXPECT_EQ(tall.size(), singular_values(hilbert(3, 5), 3, 5)->size());
  const std::vector<double> square = *singular_values(hilbert(6, 6), 6, 6);
  const std::vector<double> expected_square = {1.6188998732466973,     0.2423608709862211,
                                               0.016321519566482402,   0.0006157578150686004,
                                               1.2567508962368421e-05, 1.1192494205864079e-07};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(square[i], expected_square[i], 1e-7);
}

TEST(SingularValues, OfAPathAreKnown) {
  // The bidiagonal matrix with ones has 2 cos(pi k / (2n + 1)).
  constexpr std::size_t kSize = 100;
  Values values(kSize * kSize);
  for (std::size_t i = 0; i < kSize; ++i) {
    values[i * kSize + i] = 1;
    if (i + 1 < kSize) values[i * kSize + i + 1] = 1;
  }
  const std::vector<double> found = *singular_values(values, kSize, kSize);
  for (std::size_t k = 1; k <= kSize; ++k) {
    EXPECT_NEAR(found[k - 1],
                2 * std::cos(std::acos(-1.0) * static_cast<double>(k) / (2 * kSize + 1)), 1e-9);
  }
}

TEST(SingularValues, OfADiagonalAreItsLengths) {
  EXPECT_EQ(*singular_values(Values{0, -3, 0, 0, 0, 7}, 2, 3), (std::vector<double>{7, 3}));
  EXPECT_EQ(*singular_values(Values(12, 0.0F), 4, 3), std::vector<double>(3, 0.0));
  EXPECT_TRUE(singular_values({}, 0, 5)->empty());
}

TEST(SingularValues, KeepTheScaleOfHugeAndTinyMatrices) {
  EXPECT_NEAR((*singular_values(Values(4, 1e38F), 2, 2))[0] / 2e38, 1, 1e-7);
  EXPECT_NEAR((*singular_values(Values(4, 1e-36F), 2, 2))[0] / 2e-36, 1, 1e-7);
}

TEST(SingularValues, AreAbsentForWhatIsNotFinite) {
  EXPECT_FALSE(singular_values(Values{1, std::numeric_limits<float>::quiet_NaN()}, 1, 2));
  EXPECT_FALSE(singular_values(Values{1, -std::numeric_limits<float>::infinity()}, 2, 1));
}

}  // namespace
}  // namespace prov::numeric
