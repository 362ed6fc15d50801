#include "forensics/token_geometry.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {
namespace {

/// Tokens that share strong directions with every model of the same text, in a basis of their own,
/// and a random rest.
numeric::Matrix embedding(std::uint64_t model) {
  constexpr std::size_t kTokens = 128, kWidth = 64, kShared = 4;
  const numeric::Matrix meaning = random_matrix(kTokens, kShared, 7);
  const numeric::Matrix directions = random_matrix(kShared, kWidth, model * 100 + 1);
  numeric::Matrix rows = random_matrix(kTokens, kWidth, model * 100 + 2);
  for (std::size_t i = 0; i < kTokens; ++i) {
    for (std::size_t c = 0; c < kShared; ++c) {
      for (std::size_t j = 0; j < kWidth; ++j)
        rows.row(i)[j] += 3 * meaning.row(i)[c] * directions.row(c)[j];
    }
  }
  return rows;
}

TEST(TokenGeometry, SeesThroughARotation) {
  const numeric::Matrix a = embedding(1);
  const auto correlation = token_geometry_correlation(a, rotated(a, 3));
  ASSERT_TRUE(correlation);
  EXPECT_GT(*correlation, 0.99);
}

TEST(TokenGeometry, IsLowBetweenStrangersThatLearnedTheSameText) {
  const auto correlation = token_geometry_correlation(embedding(1), embedding(2));
  ASSERT_TRUE(correlation);
  EXPECT_LT(std::abs(*correlation), 0.1);
}

TEST(TokenGeometry, NeedsTokensThatVary) {
  EXPECT_FALSE(token_geometry_correlation(random_matrix(63, 8, 1), random_matrix(63, 8, 2)));
  EXPECT_FALSE(token_geometry_correlation(numeric::Matrix(128, 8), random_matrix(128, 8, 2)));
}

}  // namespace
}  // namespace prov::forensics
