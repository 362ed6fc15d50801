#include "forensics/sparsity.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "unit/forensics/altered_matrix.hpp"

namespace prov::forensics {
namespace {

/// Zeroes a share of the elements without regard to size.
numeric::Matrix thinned(numeric::Matrix matrix, double share, std::uint64_t seed) {
  RandomSource random(seed);
  for (float& value : matrix.values) {
    if (random.uniform() < share) value = 0;
  }
  return matrix;
}

numeric::Matrix below_zeroed(numeric::Matrix matrix, float threshold) {
  for (float& value : matrix.values) {
    if (std::abs(value) < threshold) value = 0;
  }
  return matrix;
}

TEST(Sparsity, MagnitudePruningPointsToThePrunedModel) {
  const numeric::Matrix a = random_matrix(64, 96, 1), b = below_zeroed(a, 0.674F);
  const auto s = sparsity(a, b);
  ASSERT_TRUE(s);
  EXPECT_EQ(s->zeros_a, 0);
  EXPECT_NEAR(s->zeros_b, 0.5, 0.03);
  EXPECT_EQ(s->only_b, 1);
  EXPECT_EQ(s->untouched, 1);
  EXPECT_DOUBLE_EQ(s->survivor_cosine, 1);
  EXPECT_EQ(s->magnitude_order_b, 1);
  EXPECT_EQ(s->magnitude_order_a, 0.5);
  EXPECT_EQ(pruned_side(*s), PrunedSide::b);
  EXPECT_EQ(pruned_side(*sparsity(b, a)), PrunedSide::a);
  EXPECT_NEAR(s->two_of_four_b.share, s->two_of_four_b.chance, 0.04);
  EXPECT_NEAR(s->two_of_four_b.chance, 0.6875, 0.03);  // 11 / 16 at one half
}

TEST(Sparsity, RandomPruningHasNoMagnitudeOrder) {
  const numeric::Matrix a = random_matrix(64, 96, 1);
  const auto s = sparsity(a, thinned(a, 0.3, 9));
  ASSERT_TRUE(s);
  EXPECT_NEAR(s->magnitude_order_b, 0.5, 0.03);
  EXPECT_EQ(pruned_side(*s), PrunedSide::b);
}

TEST(Sparsity, KnowsHalfPatternsFromScatteredZeros) {
  const numeric::Matrix a = random_matrix(64, 96, 1);
  const auto two = sparsity(a, half_pruned(a, 4));
  ASSERT_TRUE(two);
  EXPECT_EQ(two->two_of_four_b.share, 1);
  EXPECT_NEAR(two->two_of_four_b.chance, 0.6875, 1e-9);
  EXPECT_EQ(two->four_of_eight_b.share, 1);
  EXPECT_EQ(two->two_of_four_a.share, 0);
  EXPECT_EQ(two->untouched, 1);
  const auto four = sparsity(a, half_pruned(a, 8));
  ASSERT_TRUE(four);
  EXPECT_EQ(four->four_of_eight_b.share, 1);
  EXPECT_LT(four->two_of_four_b.share, 0.85);
  EXPECT_NEAR(four->four_of_eight_b.chance, 163.0 / 256, 1e-9);
}

/// A healed copy: zeros stay, survivors move.
TEST(Sparsity, HealedSurvivorsStillPoint) {
  const numeric::Matrix a = random_matrix(64, 96, 1);
  numeric::Matrix b = half_pruned(a, 4);
  const numeric::Matrix noise = random_matrix(64, 96, 2);
  for (std::size_t i = 0; i < b.values.size(); ++i) {
    if (b.values[i] != 0) b.values[i] += 0.1F * noise.values[i];
  }
  const auto s = sparsity(a, b);
  ASSERT_TRUE(s);
  EXPECT_LT(s->untouched, 0.01);
  EXPECT_GT(s->survivor_cosine, 0.99);
  EXPECT_EQ(pruned_side(*s), PrunedSide::b);
}

TEST(Sparsity, DoesNotPointWithoutCause) {
  const numeric::Matrix a = random_matrix(64, 96, 1), stranger = random_matrix(64, 96, 2);
  EXPECT_EQ(pruned_side(*sparsity(a, below_zeroed(stranger, 0.5F))), PrunedSide::neither);
  EXPECT_EQ(pruned_side(*sparsity(a, mixed(a, 0.1F, stranger))), PrunedSide::neither);
  EXPECT_EQ(pruned_side(*sparsity(thinned(a, 0.2, 1), thinned(a, 0.2, 2))), PrunedSide::neither);
  numeric::Matrix padded = a;  // rows that B filled are no pruning of A
  std::ranges::fill(padded.row(3), 0.0F);
  const auto s = sparsity(padded, a);
  ASSERT_TRUE(s);
  EXPECT_EQ(s->zeros_a, 0);
  EXPECT_EQ(s->elements, 63U * 96U);
  EXPECT_EQ(pruned_side(*s), PrunedSide::neither);
}

TEST(Sparsity, IsAbsentForBadInput) {
  const numeric::Matrix a = random_matrix(8, 8, 1);
  numeric::Matrix bad = a;
  bad.values[2] = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(sparsity(a, bad));
  EXPECT_FALSE(sparsity(bad, a));
  EXPECT_FALSE(sparsity(a, random_matrix(8, 9, 1)));
  EXPECT_FALSE(sparsity(a, numeric::Matrix(8, 8)));
  EXPECT_FALSE(sparsity(numeric::Matrix(), numeric::Matrix()));
}

}  // namespace
}  // namespace prov::forensics
