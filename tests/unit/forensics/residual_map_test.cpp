#include "forensics/residual_map.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {
namespace {

double likeness(const numeric::Matrix& a, const numeric::Matrix& b) {  // cosine of all elements
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    ab += static_cast<double>(a.values[i]) * static_cast<double>(b.values[i]);
    aa += static_cast<double>(a.values[i]) * static_cast<double>(a.values[i]);
    bb += static_cast<double>(b.values[i]) * static_cast<double>(b.values[i]);
  }
  return ab / std::sqrt(aa * bb);
}

TEST(ResidualMap, UndoesARotationOutsideTheEmbeddingsToo) {
  const numeric::Matrix tokens = random_matrix(200, 24, 1), rows = random_matrix(10, 24, 2);
  const auto map = recover_residual_map(tokens, rotated(tokens, 7));
  ASSERT_TRUE(map);
  EXPECT_GT(map->held_out_cosine, 0.999);
  EXPECT_GT(likeness(mapped(rows, map->from_a), mapped(rotated(rows, 7), map->from_b)), 0.999);
}

TEST(ResidualMap, SurvivesNoiseAndAPermutation) {
  const auto order = random_order(24, 3);
  const auto permuted = [&](const numeric::Matrix& m) {
    return numeric::transposed(reordered(numeric::transposed(m), order));
  };
  const numeric::Matrix tokens = random_matrix(200, 24, 1), rows = random_matrix(10, 24, 2);
  const numeric::Matrix noisy = mixed(permuted(tokens), 0.3F, random_matrix(200, 24, 9));
  const auto map = recover_residual_map(tokens, noisy);
  ASSERT_TRUE(map);
  EXPECT_GT(likeness(mapped(rows, map->from_a), mapped(permuted(rows), map->from_b)), 0.95);
}

TEST(ResidualMap, UndoesARotationOfAStreamWiderThanTheMap) {
  constexpr std::size_t kWidth = 320, kTokens = 700;
  numeric::Matrix tokens = random_matrix(kTokens, kWidth, 1);
  for (std::size_t i = 0; i < kTokens; ++i) {  // directions of unequal weight, as trained ones are
    for (std::size_t j = 0; j < kWidth; ++j)
      tokens.row(i)[j] *= 3 / std::sqrt(1 + static_cast<float>(j));
  }
  const numeric::Matrix noisy =
      mixed(rotated(tokens, 7), 0.05F, rotated(random_matrix(kTokens, kWidth, 9), 7));
  const auto map = recover_residual_map(tokens, noisy);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->from_a.rows, 128U);
  EXPECT_GT(map->held_out_cosine, 0.9);
  const numeric::Matrix rows = random_matrix(10, kWidth, 2);
  EXPECT_GT(likeness(mapped(rows, map->from_a), mapped(rotated(rows, 7), map->from_b)), 0.85);
}

TEST(ResidualMap, PredictsNothingBetweenStrangers) {
  const auto map = recover_residual_map(random_matrix(400, 24, 1), random_matrix(400, 24, 2));
  ASSERT_TRUE(map);
  EXPECT_LT(std::abs(map->held_out_cosine), 0.2);
}

TEST(ResidualMap, WidthsMayDiffer) {
  const auto map = recover_residual_map(random_matrix(200, 24, 1), random_matrix(200, 16, 2));
  ASSERT_TRUE(map);
  EXPECT_EQ(map->from_a.rows, map->from_b.rows);
  EXPECT_EQ(map->from_a.columns, 24U);
  EXPECT_EQ(map->from_b.columns, 16U);
}

TEST(ResidualMap, NeedsTokensThatVary) {
  EXPECT_FALSE(recover_residual_map(random_matrix(20, 8, 1), random_matrix(20, 8, 1)));
  EXPECT_FALSE(recover_residual_map(numeric::Matrix(200, 8), random_matrix(200, 8, 1)));
}

}  // namespace
}  // namespace prov::forensics
