#include "forensics/assignment_identity.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {
namespace {

TEST(AssignmentIdentity, ACopyChoosesItsOwnPlaces) {
  const numeric::Matrix a = random_matrix(64, 40, 1);
  const auto result = assignment_identity(a, mixed(a, 0.5F, random_matrix(64, 40, 2)));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->spearman, 1);
  EXPECT_LT(result->log10_p, -12);
  EXPECT_GT(result->value, 0.8);
}

TEST(AssignmentIdentity, TheValueSeesThroughAPermutationAndTheRankDoesNot) {
  const numeric::Matrix a = random_matrix(64, 40, 1);
  const auto result = assignment_identity(a, reordered(a, random_order(64, 3)));
  EXPECT_LT(std::abs(result->spearman), 0.5);
  EXPECT_NEAR(result->value, 1, 1e-5);
}

TEST(AssignmentIdentity, PIsUniformBetweenStrangers) {
  int below_half = 0, below_tenth = 0;
  constexpr int kDraws = 200;
  for (int i = 0; i < kDraws; ++i) {
    const auto seed = static_cast<std::uint64_t>(1000 + 2 * i);
    const double p = std::pow(
        10,
        assignment_identity(random_matrix(32, 24, seed), random_matrix(32, 24, seed + 1))->log10_p);
    below_half += p < 0.5;
    below_tenth += p < 0.1;
  }
  EXPECT_NEAR(below_half, 100, 30);
  EXPECT_NEAR(below_tenth, 20, 14);
}

TEST(AssignmentIdentity, NeedsEqualShapes) {
  EXPECT_FALSE(assignment_identity(numeric::Matrix(16, 4), numeric::Matrix(16, 5)));
  EXPECT_FALSE(assignment_identity(numeric::Matrix(4, 4), numeric::Matrix(4, 4)));
}

}  // namespace
}  // namespace prov::forensics
