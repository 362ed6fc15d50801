#include "forensics/sampling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace prov::forensics {
namespace {

TEST(SampledPositions, TakesAllOfASmallAxis) {
  EXPECT_THAT(sampled_positions(5, {384, 32}), testing::ElementsAre(0, 1, 2, 3, 4));
  EXPECT_TRUE(sampled_positions(0, {8, 2}).empty());
}

TEST(SampledPositions, SpreadsRunsFromTheFirstPositionToTheLast) {
  EXPECT_THAT(sampled_positions(100, {6, 2}), testing::ElementsAre(0, 1, 49, 50, 98, 99));
  EXPECT_THAT(sampled_positions(100, {1, 8}), testing::ElementsAre(0));
}

TEST(SampledPositions, AreAscendingAndInRangeForAnySize) {
  for (std::uint64_t size : {13U, 97U, 385U, 5632U, 50257U}) {
    for (const AxisSample sample : {AxisSample{384, 32}, {128, 16}, {64, 8}, {9, 4}, {3, 7}}) {
      const auto positions = sampled_positions(size, sample);
      ASSERT_FALSE(positions.empty());
      EXPECT_LE(positions.size(), std::max<std::uint64_t>(sample.wanted, 1));
      EXPECT_LT(positions.back(), size);
      for (std::size_t i = 1; i < positions.size(); ++i) EXPECT_LT(positions[i - 1], positions[i]);
    }
  }
}

TEST(SampledPositions, SurvivesTheLargestAxis) {
  const auto positions = sampled_positions(std::numeric_limits<std::uint64_t>::max(), {12, 4});
  ASSERT_EQ(positions.size(), 12U);
  EXPECT_EQ(positions.back(), std::numeric_limits<std::uint64_t>::max() - 1);
}

}  // namespace
}  // namespace prov::forensics
