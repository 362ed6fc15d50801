#include "forensics/storage_rounding.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "unit/forensics/altered_matrix.hpp"

namespace prov::forensics {
namespace {

std::optional<StorageRounding> rounding(const numeric::Matrix& a, const numeric::Matrix& b) {
  const auto counts = rounding_counts(a, b);
  return counts ? storage_rounding(*counts) : std::nullopt;
}

TEST(StorageRounding, FindsFormatAndDirection) {
  const numeric::Matrix a = random_matrix(20, 50, 1);
  for (const StoredPrecision& precision : kRoundingTargets) {
    const numeric::Matrix b = stored_as(a, precision);
    const auto found = rounding(a, b);
    ASSERT_TRUE(found) << precision.name;
    EXPECT_EQ(found->precision.name, precision.name);
    EXPECT_GT(found->lost, 900U);
    EXPECT_EQ(found->unexplained, 0U);
    EXPECT_FALSE(rounding(b, a));
  }
}

/// BF16 to F16 loses bits of tiny values alone: four blocks together show what one does not.
TEST(StorageRounding, BlocksAddUp) {
  RoundingCounts all;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    numeric::Matrix a = random_matrix(8, 8, seed);
    a.values[3] = 0x1.02p-20F;
    const numeric::Matrix stored = stored_as(a, kBf16);
    const auto counts = rounding_counts(stored, stored_as(stored, kF16));
    ASSERT_TRUE(counts);
    EXPECT_FALSE(storage_rounding(*counts));
    all += *counts;
  }
  const auto found = storage_rounding(all);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->precision.name, "F16");
  EXPECT_EQ(found->elements, 256U);
  EXPECT_GE(found->lost, 4U);
}

TEST(StorageRounding, OtherChangesAreNotRounding) {
  const numeric::Matrix a = random_matrix(20, 50, 1);
  EXPECT_FALSE(rounding(a, a));
  EXPECT_FALSE(rounding(a, stored_as(mixed(a, 0.01F, random_matrix(20, 50, 2)), kBf16)));
  numeric::Matrix truncated = a;  // towards zero: half of the values come out one step lower
  for (float& value : truncated.values) {
    const double nearest = rounded_to(kBf16, static_cast<double>(value));
    const double step = std::abs(nearest) > std::abs(static_cast<double>(value))
                            ? std::copysign(step_at(kBf16, static_cast<double>(value)), nearest)
                            : 0;
    value = static_cast<float>(nearest - step);
  }
  EXPECT_FALSE(rounding(a, truncated));
  EXPECT_FALSE(rounding(stored_as(a, kBf16), a));
}

TEST(StorageRounding, IsAbsentForBadInput) {
  const numeric::Matrix a = random_matrix(4, 4, 1);
  numeric::Matrix bad = a;
  bad.values[2] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(rounding_counts(a, bad));
  EXPECT_FALSE(rounding_counts(bad, a));
  EXPECT_FALSE(rounding_counts(a, random_matrix(4, 5, 1)));
  EXPECT_FALSE(rounding(numeric::Matrix(), numeric::Matrix()));
}

}  // namespace
}  // namespace prov::forensics
