#include "forensics/gram_agreement.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {
namespace {

TEST(GramAgreement, IsStandardNormalBetweenStrangers) {
  constexpr int kDraws = 300;
  double sum = 0, squares = 0;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const auto agreement =
        gram_agreement(random_matrix(64, 24, 100 + i), random_matrix(64, 24, 900 + i));
    ASSERT_TRUE(agreement);
    sum += agreement->z;
    squares += agreement->z * agreement->z;
  }
  const double mean = sum / kDraws;
  EXPECT_NEAR(mean, 0, 0.19);
  EXPECT_NEAR(std::sqrt(squares / kDraws - mean * mean), 1, 0.14);
}

TEST(GramAgreement, SeesThroughARotationAndNotThroughAShuffle) {
  const numeric::Matrix a = random_matrix(64, 24, 1);
  const auto same = gram_agreement(a, rotated(a, 5));
  ASSERT_TRUE(same);
  EXPECT_NEAR(same->cka, 1, 1e-5);
  EXPECT_NEAR(same->z, std::sqrt(64.0 * 63 / 2), 1e-3);
  const auto shuffled = gram_agreement(a, reordered(a, random_order(64, 9)));
  ASSERT_TRUE(shuffled);
  EXPECT_LT(std::abs(shuffled->z), 4);
}

TEST(GramAgreement, AllowsOtherWidthsAndIsExactlySymmetric) {
  const numeric::Matrix a = random_matrix(64, 24, 1), b = random_matrix(64, 40, 2);
  const auto forward = gram_agreement(a, b), backward = gram_agreement(b, a);
  ASSERT_TRUE(forward && backward);
  EXPECT_EQ(forward->cka, backward->cka);
}

TEST(GramAgreement, IsAbsentWhereItMeansNothing) {
  EXPECT_FALSE(gram_agreement(numeric::Matrix(20, 4), random_matrix(20, 4, 1)));
  EXPECT_FALSE(gram_agreement(random_matrix(20, 4, 1), random_matrix(21, 4, 1)));
  EXPECT_FALSE(gram_agreement(random_matrix(7, 4, 1), random_matrix(7, 4, 1)));
}

}  // namespace
}  // namespace prov::forensics
