#include "forensics/difference_spectrum.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "unit/forensics/altered_matrix.hpp"

namespace prov::forensics {
namespace {

/// All directions move, the k-th as 1 / k: what training does.
numeric::Matrix training(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  numeric::Matrix sum(rows, columns);
  for (std::size_t k = 1; k <= std::min(rows, columns); ++k)
    sum = mixed(std::move(sum), 1.0F / static_cast<float>(k),
                low_rank_matrix(rows, columns, 1, seed + 2 * k));
  return sum;
}

struct Shape {
  std::size_t rows, columns;
};
constexpr Shape kShapes[] = {{64, 64}, {64, 200}, {200, 64}, {128, 128}, {256, 128}};

TEST(DifferenceSpectrum, ReadsTheRankOfAMergedAdapter) {
  for (const auto& [rows, columns] : kShapes) {
    for (const std::size_t rank : {1U, 4U, 8U, 16U}) {
      const numeric::Matrix a = stored_as(random_matrix(rows, columns, 1), kBf16);
      const numeric::Matrix b =
          stored_as(mixed(a, 0.1F, low_rank_matrix(rows, columns, rank, 5)), kBf16);
      const auto spectrum = difference_spectrum(a, b);
      ASSERT_TRUE(spectrum);
      EXPECT_EQ(spectrum->kind, DifferenceKind::low_rank) << rows << ' ' << columns << ' ' << rank;
      EXPECT_EQ(spectrum->rank, rank);
      EXPECT_GT(spectrum->gap, 4);
      EXPECT_GT(spectrum->energy_share, 0.99);
      EXPECT_NEAR(spectrum->relative_norm, 0.1, 0.05);
    }
  }
}

/// The update is a third of a storage step, and most of the difference is rounding.
TEST(DifferenceSpectrum, ReadsTheRankUnderRoundingThatDominates) {
  const numeric::Matrix a = stored_as(random_matrix(256, 256, 1), kBf16);
  const numeric::Matrix b = stored_as(mixed(a, 0.002F, low_rank_matrix(256, 256, 8, 5)), kBf16);
  const auto spectrum = difference_spectrum(a, b);
  ASSERT_TRUE(spectrum);
  EXPECT_EQ(spectrum->kind, DifferenceKind::low_rank);
  EXPECT_EQ(spectrum->rank, 8U);
  EXPECT_LT(spectrum->energy_share, 0.9);
}

TEST(DifferenceSpectrum, ExactLowRankHasNoFloor) {
  const numeric::Matrix a = random_matrix(64, 64, 1);
  numeric::Matrix b = a;
  for (float& value : b.values) value += 64;  // rank one, up to the last bit of f32
  const auto spectrum = difference_spectrum(a, b);
  ASSERT_TRUE(spectrum);
  EXPECT_EQ(spectrum->kind, DifferenceKind::low_rank);
  EXPECT_EQ(spectrum->rank, 1U);
  EXPECT_GT(spectrum->top_to_edge, 1e5);
  EXPECT_LT(spectrum->top_to_edge, 1.001e6);
}

TEST(DifferenceSpectrum, KnowsNoise) {
  for (const auto& [rows, columns] : kShapes) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const numeric::Matrix a = random_matrix(rows, columns, seed);
      const auto spectrum =
          difference_spectrum(a, mixed(a, 0.05F, random_matrix(rows, columns, 99 + seed)));
      ASSERT_TRUE(spectrum);
      EXPECT_EQ(spectrum->kind, DifferenceKind::noise);
      EXPECT_EQ(spectrum->rank, 0U);
      EXPECT_NEAR(spectrum->top_to_edge, 1, 0.15);
    }
  }
}

TEST(DifferenceSpectrum, EdgeIsThatOfTheNoise) {
  const numeric::Matrix a = random_matrix(128, 300, 1);
  const auto spectrum = difference_spectrum(a, mixed(a, 0.5F, random_matrix(128, 300, 2)));
  ASSERT_TRUE(spectrum);
  EXPECT_NEAR(spectrum->edge, 0.5 * (std::sqrt(128.0) + std::sqrt(300.0)), 0.3);
}

TEST(DifferenceSpectrum, KnowsTraining) {
  for (const auto& [rows, columns] : kShapes) {
    const numeric::Matrix a = stored_as(random_matrix(rows, columns, 1), kBf16);
    const auto spectrum =
        difference_spectrum(a, stored_as(mixed(a, 0.05F, training(rows, columns, 7)), kBf16));
    ASSERT_TRUE(spectrum);
    EXPECT_EQ(spectrum->kind, DifferenceKind::dense);
    EXPECT_GT(spectrum->top_to_edge, 2);
  }
}

TEST(DifferenceSpectrum, AFewEditedElementsAreNoAdapter) {
  const numeric::Matrix a = random_matrix(64, 64, 1);
  numeric::Matrix b = a;
  b.row(3)[5] += 1;
  b.row(9)[50] -= 2;
  const auto spectrum = difference_spectrum(a, b);
  ASSERT_TRUE(spectrum);
  EXPECT_EQ(spectrum->kind, DifferenceKind::sparse);
  numeric::Matrix rows = a;  // eight whole rows: 12 % of the elements, rank 8
  for (std::size_t i = 0; i < 8; ++i) {
    for (float& value : rows.row(i)) value *= 1.0F + 0.1F * value;
  }
  EXPECT_NE(difference_spectrum(a, rows)->kind, DifferenceKind::low_rank);
}

TEST(DifferenceSpectrum, IsExactlySymmetric) {
  const numeric::Matrix a = random_matrix(64, 100, 1),
                        b = mixed(a, 0.1F, low_rank_matrix(64, 100, 3, 5));
  const auto forward = difference_spectrum(a, b), backward = difference_spectrum(b, a);
  ASSERT_TRUE(forward && backward);
  EXPECT_EQ(forward->edge, backward->edge);
  EXPECT_EQ(forward->relative_norm, backward->relative_norm);
  EXPECT_EQ(forward->energy_share, backward->energy_share);
}

TEST(DifferenceSpectrum, OfEqualBlocksIsNone) {
  const numeric::Matrix a = random_matrix(64, 64, 1);
  const auto spectrum = difference_spectrum(a, a);
  ASSERT_TRUE(spectrum);
  EXPECT_EQ(spectrum->kind, DifferenceKind::none);
  EXPECT_EQ(spectrum->relative_norm, 0);
}

TEST(DifferenceSpectrum, IsAbsentWhereItMeansNothing) {
  const numeric::Matrix a = random_matrix(64, 64, 1);
  EXPECT_FALSE(difference_spectrum(a, random_matrix(64, 65, 1)));
  EXPECT_FALSE(difference_spectrum(a, numeric::Matrix(64, 64)));
  EXPECT_FALSE(difference_spectrum(random_matrix(63, 64, 1), random_matrix(63, 64, 2)));
  EXPECT_FALSE(difference_spectrum(numeric::Matrix(), numeric::Matrix()));
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    numeric::Matrix b = a;
    b.values[77] = bad;
    EXPECT_FALSE(difference_spectrum(a, b));
    EXPECT_FALSE(difference_spectrum(b, a));
  }
}

}  // namespace
}  // namespace prov::forensics
