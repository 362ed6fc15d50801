#include "forensics/sparse_elements.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {
namespace {

/// `share` of the ratios at `ratio`, give or take rounding, the others spread.
std::vector<double> ratios_with_peak(double ratio, double share) {
  RandomSource random(3);
  std::vector<double> ratios;
  for (int i = 0; i < 5000; ++i) {
    const bool at_peak = random.uniform() < share;
    const auto normal = static_cast<double>(random.normal());
    ratios.push_back(at_peak ? ratio + 0.005 * normal : 0.6 + normal);
  }
  return ratios;
}

TEST(RatioPeak, IsFoundWhereRatiosCrowd) {
  for (const double ratio : {0.5, 1.0, 2.0, 3.3}) {
    const auto peak = find_ratio_peak(ratios_with_peak(ratio, 0.4));
    ASSERT_TRUE(peak.has_value()) << ratio;
    EXPECT_NEAR(peak->ratio, ratio, 0.005);
    EXPECT_NEAR(peak->share, 0.4, 0.06);
    EXPECT_LT(peak->background, 0.06);
  }
}

TEST(RatioPeak, IsAbsentInASmoothDistribution) {
  EXPECT_FALSE(find_ratio_peak(ratios_with_peak(1, 0)).has_value());
  EXPECT_FALSE(find_ratio_peak(ratios_with_peak(1, 0.03)).has_value());
}

TEST(RatioPeak, TheFlankOfZeroIsNoPeak) {
  RandomSource random(5);
  std::vector<double> ratios;
  for (int i = 0; i < 5000; ++i) ratios.push_back(0.1 * static_cast<double>(random.normal()));
  EXPECT_FALSE(find_ratio_peak(ratios).has_value());
}

TEST(RatioPeak, NeedsEnoughElementsAndNumbers) {
  EXPECT_FALSE(find_ratio_peak({}).has_value());
  EXPECT_FALSE(find_ratio_peak(std::vector<double>(100, 1.0)).has_value());
  EXPECT_FALSE(find_ratio_peak(std::vector<double>(1000, std::nan(""))).has_value());
  EXPECT_FALSE(find_ratio_peak(std::vector<double>(1000, HUGE_VAL)).has_value());
  EXPECT_TRUE(find_ratio_peak(std::vector<double>(1000, 1.0)).has_value());
}

TEST(SparseElement, KnowsWhatRoundingHides) {
  const SparseElement still{0.0039, 0.0078125}, moved{0.25, 0.0078125};
  EXPECT_TRUE(still.is_untouched());
  EXPECT_FALSE(moved.is_untouched());
  EXPECT_TRUE(moved.is_near(0.26));
  EXPECT_FALSE(moved.is_near(0.3));
  EXPECT_TRUE(moved.is_clear(0.2));
  EXPECT_FALSE(moved.is_clear(0.1));
  EXPECT_FALSE((SparseElement{0, 0}.is_clear(1)));
}

}  // namespace
}  // namespace prov::forensics
