#include "forensics/difference_pattern.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "unit/forensics/altered_matrix.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kRows = 100, kColumns = 200;

const numeric::Matrix& base() {
  static const numeric::Matrix matrix = stored_as(random_matrix(kRows, kColumns, 1), kBf16);
  return matrix;
}

/// base + strength * change, where change is first put through `alter`.
template <class Alter>
numeric::Matrix moved(float strength, Alter alter) {
  numeric::Matrix change = random_matrix(kRows, kColumns, 2);
  for (float& value : change.values) value = alter(value);
  return stored_as(mixed(base(), strength, change), kBf16);
}

TEST(DifferencePattern, TrainingLeavesNoElementInPlaceButByRounding) {
  const auto pattern = difference_pattern(base(), moved(0.1F, [](float x) { return x; }));
  ASSERT_TRUE(pattern);
  EXPECT_NEAR(pattern->slope, 1, 0.01);
  EXPECT_NEAR(pattern->residual, 0.1, 0.01);
  EXPECT_GT(pattern->fine, kRows * kColumns / 2);
  EXPECT_NEAR(pattern->untouched, pattern->untouched_chance, 0.005);
  EXPECT_LT(pattern->hole, 0.06);
  EXPECT_NEAR(pattern->kurtosis, 3, 0.15);
}

TEST(DifferencePattern, DroppedChangesLeaveElementsUntouched) {
  RandomSource random(5);
  const numeric::Matrix b =
      moved(0.1F, [&](float x) { return random.uniform() < 0.4 ? 0 : x / 0.6F; });
  const auto pattern = difference_pattern(base(), b);
  ASSERT_TRUE(pattern);
  EXPECT_NEAR(pattern->untouched, 0.4, 0.02);
  EXPECT_LT(pattern->untouched_chance, 0.02);
  EXPECT_LT(pattern->hole, 0.06);
  EXPECT_NEAR(pattern->kurtosis, 3 / 0.6, 0.4);  // of a mixture with 40 % zeros
}

TEST(DifferencePattern, ATrimLeavesAHole) {
  const numeric::Matrix b = moved(0.1F, [](float x) { return std::abs(x) < 1.0F ? 0 : x; });
  const auto pattern = difference_pattern(base(), b);
  ASSERT_TRUE(pattern);
  EXPECT_NEAR(pattern->untouched, 0.683, 0.02);
  EXPECT_GT(pattern->hole, 0.9);
}

TEST(DifferencePattern, MixingAStrangerInScalesTheBase) {
  numeric::Matrix b = base();
  for (float& value : b.values) value *= 0.7F;
  b = mixed(b, 0.3F, random_matrix(kRows, kColumns, 7));
  const auto pattern = difference_pattern(base(), b);
  ASSERT_TRUE(pattern);
  EXPECT_NEAR(pattern->slope, 0.7, 0.01);
  EXPECT_NEAR(pattern->residual, 0.3 / std::sqrt(0.58), 0.01);
}

/// Changes smaller than the storage can tell: nothing is said about untouched elements.
TEST(DifferencePattern, ChangesBelowTheStorageStepHaveNoFineElements) {
  const auto pattern = difference_pattern(base(), moved(0.0002F, [](float x) { return x; }));
  ASSERT_TRUE(pattern);
  EXPECT_GT(pattern->equal, 0.8);
  EXPECT_LT(pattern->fine, kRows * kColumns / 50);
  EXPECT_LT(pattern->untouched, 0.2);
}

TEST(DifferencePattern, OfEqualBlocks) {
  const auto pattern = difference_pattern(base(), base());
  ASSERT_TRUE(pattern);
  EXPECT_EQ(pattern->slope, 1);
  EXPECT_EQ(pattern->residual, 0);
  EXPECT_EQ(pattern->equal, 1);
  EXPECT_EQ(pattern->fine, 0U);
}

TEST(DifferencePattern, IsAbsentForBadInput) {
  numeric::Matrix bad = base();
  bad.values[2] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(difference_pattern(base(), bad));
  EXPECT_FALSE(difference_pattern(bad, base()));
  EXPECT_FALSE(difference_pattern(base(), numeric::Matrix(kRows, kColumns)));
  EXPECT_FALSE(difference_pattern(base(), random_matrix(kRows, kColumns + 1, 1)));
  EXPECT_FALSE(difference_pattern(numeric::Matrix(), numeric::Matrix()));
}

}  // namespace
}  // namespace prov::forensics
