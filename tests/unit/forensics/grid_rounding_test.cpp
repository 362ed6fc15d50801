#include "forensics/grid_rounding.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "unit/forensics/altered_matrix.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kRows = 32, kColumns = 512;

numeric::Matrix weights(std::uint64_t seed) {
  numeric::Matrix matrix = random_matrix(kRows, kColumns, seed);
  for (float& value : matrix.values) value *= 0.02F;
  return stored_as(std::move(matrix), kBf16);
}

/// Each line times a factor between 1/2 and 2.
numeric::Matrix with_scaled_lines(numeric::Matrix matrix, Lines lines) {
  RandomSource random(17);
  std::vector<float> factors;
  for (std::size_t i = 0; i < std::max(matrix.rows, matrix.columns); ++i)
    factors.push_back(static_cast<float>(std::exp2(2 * random.uniform() - 1)));
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j)
      matrix.row(i)[j] *= factors[lines == Lines::rows ? i : j];
  }
  return matrix;
}

TEST(RoundingMisfit, CountsWhatIsOutsideAndSaysHowManyStepsBeyond) {
  numeric::Matrix a = weights(1);
  const numeric::Matrix b = stored_as(quantised(a, 32, 7), kBf16);
  const QuantisationGrid grid = *quantisation_grid(b);
  const auto none = rounding_misfit(a, b, grid);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->looked_at, kRows * kColumns);
  EXPECT_EQ(none->outside, 0u);
  EXPECT_EQ(none->farthest, 0);
  // A value near the middle of its group, moved by four steps.
  const auto smallest =
      std::min_element(b.values.begin(), b.values.begin() + 32,
                       [](float x, float y) { return std::abs(x) < std::abs(y); });
  const float largest =
      std::abs(*std::max_element(b.values.begin(), b.values.begin() + 32,
                                 [](float x, float y) { return std::abs(x) < std::abs(y); }));
  a.values[static_cast<std::size_t>(smallest - b.values.begin())] += 4 * largest / 7;
  const auto one = rounding_misfit(a, b, grid);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->outside, 1u);
  EXPECT_NEAR(one->farthest, 3.5, 0.6);
}

TEST(ShareRoundedToScaled, SeesThroughScalesThatWereMovedBeforeRounding) {
  const numeric::Matrix a = weights(1);
  for (const double most : {7.0, 127.0}) {
    const std::size_t group = most < 100 ? 32 : kColumns;
    for (const Lines lines : {Lines::rows, Lines::columns}) {
      const numeric::Matrix b =
          stored_as(quantised(with_scaled_lines(a, lines), group, most), kBf16);
      const auto grid = quantisation_grid(b);
      ASSERT_TRUE(grid);
      EXPECT_LT(*share_rounded_to(a, b, *grid), 0.9);
      EXPECT_GT(*share_rounded_to_scaled(a, b, *grid, lines), 0.999);
    }
  }
}

/// A free factor a line must not make a copy of a relative a copy of this model.
TEST(ShareRoundedToScaled, IsLowForTheRoundedCopyOfARelative) {
  const numeric::Matrix a = weights(1),
                        relative =
                            stored_as(mixed(a, 0.002F, random_matrix(kRows, kColumns, 9)), kBf16);
  for (const Lines lines : {Lines::rows, Lines::columns}) {
    for (const bool scaled : {false, true}) {
      const numeric::Matrix b = stored_as(
          quantised(scaled ? with_scaled_lines(relative, lines) : relative, 32, 7), kBf16);
      const auto grid = quantisation_grid(b);
      ASSERT_TRUE(grid);
      EXPECT_LT(*share_rounded_to_scaled(a, b, *grid, lines), 0.95);
      EXPECT_LT(*share_rounded_to_scaled(weights(2), b, *grid, lines), 0.6);
    }
  }
}

TEST(ShareRoundedToScaled, LeavesOutLinesOfFewElements) {
  const numeric::Matrix a = weights(1), b = stored_as(quantised(a, 32, 7), kBf16);
  numeric::Matrix top_a(8, kColumns), top_b(8, kColumns);
  std::copy_n(a.values.begin(), top_a.values.size(), top_a.values.begin());
  std::copy_n(b.values.begin(), top_b.values.size(), top_b.values.begin());
  const QuantisationGrid grid = *quantisation_grid(b);
  EXPECT_TRUE(share_rounded_to_scaled(top_a, top_b, grid, Lines::rows));
  EXPECT_FALSE(share_rounded_to_scaled(top_a, top_b, grid, Lines::columns));
  EXPECT_FALSE(share_rounded_to_scaled(numeric::Matrix(kRows, kColumns), b, grid, Lines::rows));
}

TEST(ShareRoundedTo, IsLowForTheRoundedCopyOfARelative) {
  const numeric::Matrix a = weights(1),
                        relative =
                            stored_as(mixed(a, 0.002F, random_matrix(kRows, kColumns, 9)), kBf16);
  const numeric::Matrix b4 = stored_as(quantised(relative, 32, 7), kBf16),
                        b8 = stored_as(quantised(relative, kColumns, 127), kBf16);
  EXPECT_LT(*share_rounded_to(a, b4, *quantisation_grid(b4)), 0.9);
  EXPECT_LT(*share_rounded_to(a, b8, *quantisation_grid(b8)), 0.4);
  EXPECT_LT(*share_rounded_to(weights(2), b4, *quantisation_grid(b4)), 0.2);
}

TEST(ShareRoundedTo, IsAbsentForBadInput) {
  const numeric::Matrix a = weights(1), b = stored_as(quantised(a, 32, 7), kBf16);
  QuantisationGrid grid = *quantisation_grid(b);
  numeric::Matrix bad = b;
  bad.values[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(share_rounded_to(a, bad, grid));
  EXPECT_FALSE(share_rounded_to_scaled(a, bad, grid, Lines::rows));
  EXPECT_FALSE(share_rounded_to(bad, b, grid));
  EXPECT_FALSE(share_rounded_to(numeric::Matrix(2, 2), b, grid));
  EXPECT_FALSE(share_rounded_to_scaled(numeric::Matrix(2, 2), b, grid, Lines::columns));
  EXPECT_FALSE(share_rounded_to(a, numeric::Matrix(kRows, kColumns), grid));
  grid.table = "no such table";
  EXPECT_FALSE(share_rounded_to(a, b, grid));
}

}  // namespace
}  // namespace prov::forensics
