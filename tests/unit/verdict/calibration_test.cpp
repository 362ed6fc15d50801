#include "verdict/calibration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "verdict/lineage_thresholds.hpp"

namespace prov::verdict {
namespace {

Evidence with_z(std::string_view test, std::optional<double> z) {
  Evidence evidence;
  evidence.test = test;
  evidence.z = z;
  return evidence;
}

const CalibratedLine& measured_line() {
  const CalibratedLine* line = find_calibrated_line("hidden-permutation-z");
  EXPECT_NE(line, nullptr);
  return *line;
}

TEST(CalibrationTable, HoldsWhatAFitCanGive) {
  std::set<std::string_view> tests;
  ASSERT_FALSE(calibrated_lines().empty());
  for (const CalibratedLine& line : calibrated_lines()) {
    EXPECT_TRUE(tests.insert(line.test).second) << line.test;
    EXPECT_GT(line.negatives + line.positives, 0U) << line.test;
    EXPECT_GE(line.bound, 3) << line.test;
    EXPECT_GT(line.line, line.bound) << line.test;
    EXPECT_FALSE(line.worst_negative > line.bound) << line.test;
    EXPECT_EQ(line.negatives == 0, std::isnan(line.worst_negative)) << line.test;
    EXPECT_EQ(line.positives == 0, std::isnan(line.weakest_positive)) << line.test;
    EXPECT_LE(line.blind, line.positives) << line.test;
    EXPECT_LE(line.hold_out.false_positives, line.hold_out.negatives) << line.test;
    EXPECT_LE(line.hold_out.misses, line.hold_out.positives) << line.test;
  }
}

TEST(CalibrationTable, EveryDecidingLineLiesBetweenItsSides) {
  std::set<std::string_view> names;
  for (const DecisionLine& line : decision_lines()) {
    EXPECT_TRUE(names.insert(line.name).second) << line.name;
    EXPECT_TRUE(std::isfinite(line.value)) << line.name;
    EXPECT_LE(line.below.wrong, line.below.pairs) << line.name;
    EXPECT_LE(line.above.wrong, line.above.pairs) << line.name;
    EXPECT_LE(line.hold_out.below_wrong, line.hold_out.below) << line.name;
    EXPECT_LE(line.hold_out.above_wrong, line.hold_out.above) << line.name;
    EXPECT_FALSE(line.above.nearest < line.value) << line.name;
    if (line.below.wrong == 0) {
      EXPECT_FALSE(line.below.nearest >= line.value) << line.name;
    }
    if (!line.from_data) continue;
    EXPECT_GT(line.below.pairs, 0U) << line.name;
    EXPECT_GT(line.above.pairs, line.above.wrong) << line.name;
  }
}

TEST(CalibrationTable, RulesReadTheLinesOfTheTable) {
  const auto value = [](std::string_view name) {
    return std::ranges::find(decision_lines(), name, &DecisionLine::name)->value;
  };
  EXPECT_EQ(kProofZ, value("proof_z"));
  EXPECT_EQ(kNearCopyCosine, value("near_copy_cosine"));
  EXPECT_GE(kProofZ, 8);  // whatever the pairs say: one-sided p = 6e-16
  EXPECT_GT(kProofZ, kNullZ);
}

TEST(CalibrationTable, HeldOutLinesAddUpToTheLine) {
  for (const DecisionLine& line : decision_lines()) {
    LineErrors sum;
    for (const HeldOutLine& held : held_out_lines()) {
      if (held.line != line.name) continue;
      sum.below += held.errors.below;
      sum.below_wrong += held.errors.below_wrong;
      sum.above += held.errors.above;
      sum.above_wrong += held.errors.above_wrong;
    }
    EXPECT_EQ(sum.below, line.hold_out.below) << line.name;
    EXPECT_EQ(sum.below_wrong, line.hold_out.below_wrong) << line.name;
    EXPECT_EQ(sum.above, line.hold_out.above) << line.name;
    EXPECT_EQ(sum.above_wrong, line.hold_out.above_wrong) << line.name;
  }
}

TEST(CalibrationTable, HeldOutFamiliesHaveNoFalsePositive) {
  ASSERT_GE(family_hold_outs().size(), 2U);
  for (const FamilyHoldOut& family : family_hold_outs())
    EXPECT_EQ(family.hold_out.false_positives, 0U) << family.family;
}

TEST(CalibrationTable, ProbabilityIsLaplaceWithEvenPriorAndGrowsWithStrength) {
  double positives = 0;
  double negatives = 0;
  for (const CalibratedBand& band : calibrated_bands()) {
    positives += band.positives;
    negatives += band.negatives;
  }
  for (const CalibratedBand& band : calibrated_bands()) {
    const double related = (band.positives + 1) / (positives + 3);
    const double strange = (band.negatives + 1) / (negatives + 3);
    EXPECT_NEAR(band.probability, related / (related + strange), 1e-5);
  }
  EXPECT_LT(calibrated_probability(StrengthBand::inside_null),
            calibrated_probability(StrengthBand::between));
  EXPECT_LT(calibrated_probability(StrengthBand::between),
            calibrated_probability(StrengthBand::beyond_line));
}

TEST(StrengthBand, FollowsBoundAndLine) {
  const CalibratedLine& line = measured_line();
  const auto band = [&](double z) { return strength_band(std::vector{with_z(line.test, z)}); };
  EXPECT_EQ(band(-50), StrengthBand::inside_null);
  EXPECT_EQ(band(line.bound), StrengthBand::inside_null);
  EXPECT_EQ(band(std::nextafter(line.bound, 1e9)), StrengthBand::between);
  EXPECT_EQ(band(std::nextafter(line.line, 0)), StrengthBand::between);
  EXPECT_EQ(band(line.line), StrengthBand::beyond_line);
}

TEST(StrengthBand, OneStatisticBeyondItsLineIsEnough) {
  const CalibratedLine& line = measured_line();
  const std::vector evidence = {with_z("hidden-geometry", 0), with_z(line.test, line.line),
                                with_z("residual-permutation-z", 1)};
  EXPECT_EQ(strength_band(evidence), StrengthBand::beyond_line);
}

TEST(StrengthBand, IsAbsentWhereNothingWasComputed) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(strength_band({}), std::nullopt);
  EXPECT_EQ(strength_band(std::vector{with_z("no-such-test", 100)}), std::nullopt);
  EXPECT_EQ(strength_band(std::vector{with_z(measured_line().test, std::nullopt)}), std::nullopt);
  EXPECT_EQ(strength_band(std::vector{with_z(measured_line().test, kAbsent)}), std::nullopt);
  EXPECT_EQ(strength_band(std::vector{with_z(measured_line().test, infinity)}), std::nullopt);
  EXPECT_EQ(find_calibrated_line(""), nullptr);
}

TEST(StrengthBand, AStatisticWithoutStrangersDecidesNothing) {
  for (const CalibratedLine& line : calibrated_lines()) {
    const auto band = strength_band(std::vector{with_z(line.test, 1e6)});
    EXPECT_EQ(band.has_value(), line.negatives > 0) << line.test;
  }
}

}  // namespace
}  // namespace prov::verdict
