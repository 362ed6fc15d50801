#include "forensics/level_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace prov::forensics {
namespace {

TEST(LevelTable, ListsAreAscendingAndDistinct) {
  for (const LevelTable& table : level_tables()) {
    EXPECT_EQ(level_table(table.name), &table);
    EXPECT_EQ(std::ranges::adjacent_find(table.levels, std::greater_equal<>()), table.levels.end())
        << table.name;
    EXPECT_GT(table.most, 0);
  }
  EXPECT_EQ(level_table("nf4")->levels.size(), 16U);
  EXPECT_EQ(level_table("fp8-e4m3")->levels.size(), 253U);  // 2^8 less two NaN and one zero
  EXPECT_EQ(level_table("fp8-e5m2")->levels.size(), 247U);  // 2^8 less 8 special and one zero
  EXPECT_EQ(level_table("fp8-e4m3")->levels.back(), 448);
  EXPECT_EQ(level_table("fp8-e5m2")->levels.back(), 57344);
  EXPECT_EQ(level_table("none"), nullptr);
}

TEST(LevelTable, FindsTheNearestLevelAndItsNeighbours) {
  const LevelTable &whole = *level_table("int"), &e2m1 = *level_table("fp4-e2m1");
  EXPECT_EQ(nearest_level(whole, -3.4), -3);
  EXPECT_EQ(nearest_level(whole, 1000), 255);
  EXPECT_EQ(nearest_level(e2m1, 2.4), 2);
  EXPECT_EQ(nearest_level(e2m1, -5.1), -6);
  EXPECT_EQ(nearest_level(e2m1, -99), -6);
  EXPECT_EQ(gaps_at(e2m1, 2).below, 0.5);
  EXPECT_EQ(gaps_at(e2m1, 2).above, 1);
  EXPECT_EQ(gaps_at(e2m1, 6).above, 2);
  EXPECT_EQ(gaps_at(whole, 5).below, 1);
}

}  // namespace
}  // namespace prov::forensics
