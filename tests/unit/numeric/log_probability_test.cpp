#include "numeric/log_probability.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace prov::numeric {
namespace {

// Reference values: erfc for the near ones, the continued fraction of Abramowitz and Stegun 26.2.14
// for the far ones.
TEST(Log10NormalTail, EqualsTheReference) {
  EXPECT_NEAR(log10_normal_tail(0), -0.30102999566398120, 1e-12);
  EXPECT_NEAR(log10_normal_tail(-3), std::log10(1 - 0.0013498980316300945), 1e-12);
  EXPECT_NEAR(log10_normal_tail(3), std::log10(0.0013498980316300945), 1e-12);
  EXPECT_NEAR(log10_normal_tail(8), std::log10(6.220960574271785e-16), 1e-10);
  EXPECT_NEAR(log10_normal_tail(25), -137.5147476509955, 1e-9);
  EXPECT_NEAR(log10_normal_tail(37), -299.24218117860994, 1e-9);
  EXPECT_NEAR(log10_normal_tail(350), -26603.480178097892, 1e-7);
}

TEST(Log10NormalTail, IsContinuousWhereTheFormulaChangesAndFallsOn) {
  EXPECT_NEAR(log10_normal_tail(std::nextafter(25.0, 26.0)), log10_normal_tail(25.0), 1e-8);
  EXPECT_LT(log10_normal_tail(300), log10_normal_tail(299));
}

TEST(Log10NormalTail, KeepsWhatIsNotANumber) {
  EXPECT_TRUE(std::isnan(log10_normal_tail(std::numeric_limits<double>::quiet_NaN())));
  EXPECT_EQ(log10_normal_tail(std::numeric_limits<double>::infinity()),
            -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace prov::numeric
