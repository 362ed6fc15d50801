#include "forensics/unit_match.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kUnits = 64, kFeatures = 48;

model::UnitRows units(std::uint64_t seed, std::size_t count = kUnits) {
  return unit_directions({random_matrix(count, kFeatures, seed),
                          random_matrix(count, kFeatures, seed + 1),
                          random_matrix(count, kFeatures, seed + 2)});
}

model::UnitRows shuffled(const model::UnitRows& rows, const std::vector<std::size_t>& order) {
  return {reordered(rows.gate, order), reordered(rows.up, order), reordered(rows.down, order)};
}

TEST(UnitMatch, FindsShuffledUnitsThroughNoiseAndMirroring) {
  const auto order = random_order(kUnits, 5);
  model::UnitRows copy = shuffled(units(1), order);
  copy.gate = mixed(copy.gate, 0.4F, random_matrix(kUnits, kFeatures, 9));
  for (float& value : copy.up.values) value *= -2;
  const UnitMatch match = match_units(units(1), unit_directions(std::move(copy)));
  EXPECT_EQ(match.units, kUnits);
  EXPECT_EQ(match.agreeing, kUnits);
  EXPECT_EQ(match.expected, 3U);
  for (std::size_t i = 0; i < kUnits; ++i) EXPECT_EQ(order[match.partner[i]], i);
}

TEST(UnitMatch, StrangersAgreeAsOftenAsFixedPointsOfAPermutation) {
  double agreeing = 0;
  constexpr int kDraws = 60;
  for (int draw = 0; draw < kDraws; ++draw) {
    const auto seed = static_cast<std::uint64_t>(100 + 10 * draw);
    agreeing += static_cast<double>(match_units(units(seed), units(seed + 5)).agreeing);
  }
  // Poisson(3): mean 3, standard deviation of the mean 0.22.
  EXPECT_NEAR(agreeing / kDraws, 3, 0.9);
}

TEST(UnitMatch, WithoutAGateTwoAssignmentsMustAgree) {
  model::UnitRows plain = units(1);
  plain.gate = {};
  const UnitMatch match = match_units(plain, units(1));
  EXPECT_EQ(match.expected, 1U);
  EXPECT_EQ(match.agreeing, kUnits);
}

TEST(UnitMatch, AModelMayHaveFewerUnits) {
  std::vector<std::size_t> kept(40);
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = i + 10;
  model::UnitRows narrow{numeric::Matrix(40, kFeatures), numeric::Matrix(40, kFeatures),
                         numeric::Matrix(40, kFeatures)};
  const model::UnitRows all = units(1);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    std::ranges::copy(all.gate.row(kept[i]), narrow.gate.row(i).begin());
    std::ranges::copy(all.up.row(kept[i]), narrow.up.row(i).begin());
    std::ranges::copy(all.down.row(kept[i]), narrow.down.row(i).begin());
  }
  for (const bool narrow_first : {true, false}) {
    const UnitMatch match = narrow_first ? match_units(narrow, all) : match_units(all, narrow);
    EXPECT_EQ(match.units, 40U);
    EXPECT_EQ(match.agreeing, 40U);
    EXPECT_EQ(match.partner[narrow_first ? 0 : 10], narrow_first ? 10U : 0U);
  }
}

TEST(UnitMatch, GivesNothingForWhatCannotBeCompared) {
  EXPECT_EQ(match_units({}, units(1)).units, 0U);
  model::UnitRows wide = units(1);
  wide.up = random_matrix(kUnits, kFeatures + 1, 3);
  EXPECT_EQ(match_units(wide, units(1)).units, 0U);
  const UnitMatch zeros =
      match_units({numeric::Matrix(kUnits, kFeatures), numeric::Matrix(kUnits, kFeatures),
                   numeric::Matrix(kUnits, kFeatures)},
                  units(1));
  EXPECT_LE(zeros.cosine, 1e-9);
}

}  // namespace
}  // namespace prov::forensics
