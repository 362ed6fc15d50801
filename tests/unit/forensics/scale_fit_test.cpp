#include "forensics/scale_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "unit/forensics/altered_matrix.hpp"

namespace prov::forensics {
namespace {

constexpr PossibleStorage kBf16Only{.bf16 = true, .f16 = false};

/// How often groups without a grid fit with a claimed chance of at most 10^-claim, in `draws`.
int accidents(const LevelTable& table, std::size_t size, double claim, int draws,
              bool uniform = false) {
  int count = 0;
  for (int draw = 0; draw < draws; ++draw) {
    numeric::Matrix group = random_matrix(1, size, static_cast<std::uint64_t>(draw) + 1);
    if (uniform) {
      RandomSource random(static_cast<std::uint64_t>(draw) + 77);
      for (float& value : group.values) value = static_cast<float>(random.uniform() - 0.5);
    }
    const numeric::Matrix stored = stored_as(group, kBf16);
    const auto fit = fit_scale(group_values(stored.values, kBf16Only, table.offset), table);
    if (fit && fit->log10_chance <= -claim) ++count;
  }
  return count;
}

TEST(ScaleFit, ClaimsNoSmallerChanceThanItHas) {
  constexpr int kDraws = 4000;
  for (const LevelTable& table : level_tables()) {
    for (const std::size_t size : {4U, 5U, 6U, 8U}) {
      for (const bool uniform : {false, true}) {
        EXPECT_LE(accidents(table, size, 1, kDraws, uniform), kDraws / 10) << table.name << size;
        EXPECT_LE(accidents(table, size, 2, kDraws, uniform), kDraws / 100) << table.name << size;
        EXPECT_LE(accidents(table, size, 3, kDraws, uniform), kDraws / 1000) << table.name << size;
      }
    }
  }
}

TEST(ScaleFit, FindsTheCoarsestScale) {
  const std::vector<float> group{0.5F, -1.5F, 0.0F, 3.5F, 1.0F, -2.0F, 2.5F, 0.5F};
  const LevelTable& whole = *level_table("int");
  const auto fit = fit_scale(group_values(group, kBf16Only, false), whole);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->scale, 0.5, 0.002);
  EXPECT_EQ(fit->lowest, -4);
  EXPECT_EQ(fit->highest, 7);
  EXPECT_EQ(fit->levels, 7U);  // -4 -3 0 1 2 5 7
}

TEST(ScaleFit, NeedsAGroupThatVaries) {
  const LevelTable& whole = *level_table("int");
  const auto fits = [&](const std::vector<float>& group) {
    return fit_scale(group_values(group, kBf16Only, false), whole).has_value();
  };
  EXPECT_FALSE(fits({}));
  EXPECT_FALSE(fits({0, 0, 0, 0, 0, 0}));
  EXPECT_FALSE(fits({1, 1, 1, 1, 1, 1}));
  EXPECT_FALSE(fits({0, 0, 0, 1, 2, 3}));
  EXPECT_TRUE(fits({1, 1, -1, 1, 1, 1}));
  EXPECT_FALSE(fit_scale(group_values({}, kBf16Only, true), *level_table("int with offset")));
}

/// Subnormal and huge values neither divide by zero nor leave the range of double.
TEST(ScaleFit, StandsExtremeValues) {
  for (const float size : {0x1p-149F, 0x1p-130F, 0x1p120F}) {
    std::vector<float> group;
    for (int i = 1; i <= 16; ++i) group.push_back(static_cast<float>(i % 2 == 0 ? i : -i) * size);
    for (const LevelTable& table : level_tables()) {
      const auto fit = fit_scale(group_values(group, PossibleStorage{}, table.offset), table);
      if (!fit) continue;
      EXPECT_TRUE(std::isfinite(fit->scale) && fit->scale > 0);
      EXPECT_TRUE(std::isfinite(fit->log10_chance));
    }
  }
}

}  // namespace
}  // namespace prov::forensics
