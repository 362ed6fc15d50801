#include "numeric/orthogonal_factor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace prov::numeric {
namespace {

using Square = std::vector<float>;

Square random_square(std::size_t size, std::uint64_t state) {
  Square values(size * size);
  for (float& value : values) {
    state = state * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
    value = static_cast<float>(static_cast<double>(state >> 40U) / 0x1p24 - 0.5);
  }
  return values;
}

/// a b, or a^T b.
Square multiply(const Square& a, const Square& b, std::size_t n, bool transpose) {
  Square result(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < n; ++k)
        sum += static_cast<double>(transpose ? a[k * n + i] : a[i * n + k]) *
               static_cast<double>(b[k * n + j]);
      result[i * n + j] = static_cast<float>(sum);
    }
  }
  return result;
}

double distance_from_identity(const Square& a, std::size_t n) {
  double worst = 0;
  for (std::size_t i = 0; i < n * n; ++i)
    worst = std::max(worst, std::abs(static_cast<double>(a[i]) - (i % (n + 1) == 0 ? 1 : 0)));
  return worst;
}

TEST(OrthogonalFactor, MakesTheRestSymmetricAndPositive) {
  // C = Q P with P symmetric and positive is what defines the factor.
  constexpr std::size_t kSize = 40;
  const Square c = random_square(kSize, 3);
  const Square q = *orthogonal_factor(c, kSize);
  EXPECT_LT(distance_from_identity(multiply(q, q, kSize, true), kSize), 1e-6);
  const Square p = multiply(q, c, kSize, true);
  const auto at = [&](std::size_t i, std::size_t j) {
    return static_cast<double>(p[i * kSize + j]);
  };
  for (std::size_t i = 0; i < kSize; ++i) {
    EXPECT_GT(at(i, i), 0);
    for (std::size_t j = 0; j < kSize; ++j) {
      EXPECT_NEAR(at(i, j), at(j, i), 1e-5);
      EXPECT_LE(at(i, j) * at(i, j), at(i, i) * at(j, j) + 1e-5);
    }
  }
}

TEST(OrthogonalFactor, FindsARotationInAScaledAndDistortedOne) {
  constexpr std::size_t kSize = 30;
  const Square rotation = *orthogonal_factor(random_square(kSize, 8), kSize);
  Square stretched = rotation;  // times a positive diagonal from the right
  for (std::size_t i = 0; i < stretched.size(); ++i)
    stretched[i] *= 1e20F * static_cast<float>(1 + i % kSize);
  const Square found = *orthogonal_factor(stretched, kSize);
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], rotation[i], 1e-6);
}

TEST(OrthogonalFactor, OfTwoByTwoIsKnown) {
  // [[3, -1], [1, 3]] is a rotation times sqrt(10); a reflection stays one.
  const Square q = *orthogonal_factor(Square{3, -1, 1, 3}, 2);
  EXPECT_NEAR(q[0], 3 / std::sqrt(10.0), 1e-7);
  EXPECT_NEAR(q[1], -1 / std::sqrt(10.0), 1e-7);
  EXPECT_EQ(*orthogonal_factor(Square{0, 5, 2, 0}, 2), (Square{0, 1, 1, 0}));
  EXPECT_EQ(*orthogonal_factor(Square{-4}, 1), Square{-1});
}

TEST(OrthogonalFactor, CompletesWhatLacksRank) {
  constexpr std::size_t kSize = 24;
  Square c(kSize * kSize);
  for (std::size_t i = 0; i < kSize; ++i) {
    for (std::size_t j = 0; j < kSize; ++j)
      c[i * kSize + j] = static_cast<float>(i + 1) * static_cast<float>(kSize - j);
  }
  for (const Square& matrix : {c, Square(kSize * kSize, 0.0F)}) {
    const Square q = *orthogonal_factor(matrix, kSize);
    EXPECT_LT(distance_from_identity(multiply(q, q, kSize, true), kSize), 1e-6);
    EXPECT_EQ(q, *orthogonal_factor(matrix, kSize));
  }
  const Square q = *orthogonal_factor(c, kSize);
  double trace = 0, squares = 0;  // rank one: the trace is the length of C
  for (std::size_t i = 0; i < c.size(); ++i) {
    trace += static_cast<double>(q[i]) * static_cast<double>(c[i]);
    squares += static_cast<double>(c[i]) * static_cast<double>(c[i]);
  }
  EXPECT_NEAR(trace / std::sqrt(squares), 1, 1e-6);
}

TEST(OrthogonalFactor, IsAbsentForWhatIsNotFinite) {
  EXPECT_FALSE(orthogonal_factor(Square{1, 0, std::numeric_limits<float>::quiet_NaN(), 1}, 2));
  EXPECT_FALSE(orthogonal_factor(Square{1, 0, 0, std::numeric_limits<float>::infinity()}, 2));
  EXPECT_TRUE(orthogonal_factor({}, 0)->empty());
}

}  // namespace
}  // namespace prov::numeric
