#include "forensics/permutation_z.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {
namespace {

/// Two strangers of one recipe: the same outlier columns and a common mean, as trained models have.
numeric::Matrix structured(std::uint64_t seed) {
  numeric::Matrix matrix = random_matrix(96, 40, seed);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j)
      matrix.row(i)[j] = matrix.row(i)[j] * (j < 4 ? 6.0F : 1.0F) + (j % 3 == 0 ? 1.5F : 0.0F);
  }
  numeric::normalise_rows(matrix);
  return matrix;
}

TEST(PermutationTest, IsStandardNormalBetweenStrangersOfOneRecipe) {
  constexpr int kDraws = 400;
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const auto test = permutation_test(structured(1000 + static_cast<std::uint64_t>(i)),
                                       structured(5000 + static_cast<std::uint64_t>(i)));
    ASSERT_TRUE(test);
    sum += test->z;
    squares += test->z * test->z;
  }
  const double mean = sum / kDraws;
  EXPECT_NEAR(mean, 0, 0.16);  // 3.2 standard errors
  EXPECT_NEAR(std::sqrt(squares / kDraws - mean * mean), 1, 0.12);
}

/// The formula's variance against all 24 x ... orders drawn at random.
TEST(PermutationTest, VarianceEqualsThatOfShuffles) {
  const numeric::Matrix a = structured(1), b = structured(2);
  double squares = 0;
  constexpr int kShuffles = 500;
  for (std::uint64_t i = 0; i < kShuffles; ++i) {
    const double z = permutation_test(a, reordered(b, random_order(b.rows, i)))->z;
    squares += z * z;
  }
  EXPECT_NEAR(squares / kShuffles, 1, 0.2);
}

TEST(PermutationTest, FindsACopyUnderNoiseAndLosesAShuffledOne) {
  const numeric::Matrix a = structured(1), noise = random_matrix(96, 40, 77);
  const numeric::Matrix copy = mixed(a, 0.1F, noise);
  const auto related = permutation_test(a, copy);
  ASSERT_TRUE(related);
  EXPECT_GT(related->z, 20);
  EXPECT_GT(related->cosine, 0.5);
  const auto shuffled = permutation_test(a, reordered(copy, random_order(copy.rows, 3)));
  ASSERT_TRUE(shuffled);
  EXPECT_LT(std::abs(shuffled->z), 4);
}

TEST(PermutationTest, IsExactlySymmetric) {
  const numeric::Matrix a = structured(1), b = mixed(structured(2), 0.3F, a);
  const auto forward = permutation_test(a, b), backward = permutation_test(b, a);
  ASSERT_TRUE(forward && backward);
  EXPECT_EQ(forward->z, backward->z);
  EXPECT_EQ(forward->cosine, backward->cosine);
}

TEST(PermutationTest, IsAbsentWhereItMeansNothing) {
  EXPECT_FALSE(
      permutation_test(numeric::Matrix(20, 4), random_matrix(20, 4, 1)));  // zeros do not vary
  EXPECT_FALSE(permutation_test(random_matrix(20, 4, 1), random_matrix(20, 5, 2)));
  EXPECT_FALSE(permutation_test(random_matrix(7, 4, 1), random_matrix(7, 4, 2)));
  EXPECT_FALSE(permutation_test(numeric::Matrix(), numeric::Matrix()));
}

TEST(Stouffer, AddsIndependentScores) {
  const double z[] = {1, 2, 3, 2};
  EXPECT_DOUBLE_EQ(stouffer(z), 4);
}

}  // namespace
}  // namespace prov::forensics
