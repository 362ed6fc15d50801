#include "numeric/rounding.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace prov::numeric {
namespace {

// Values of Python 3.12: round(x, n).
TEST(Rounding, FourDecimalsOfTheExactBinaryValue) {
  EXPECT_EQ(round_half_even_decimal(0.03125, 4), 0.0312);
  EXPECT_EQ(round_half_even_decimal(0.00005, 4), 0.0001);
  EXPECT_EQ(round_half_even_decimal(0.00015, 4), 0.0001);
  EXPECT_EQ(round_half_even_decimal(0.99995, 4), 1.0);
  EXPECT_EQ(round_half_even_decimal(0.12345, 4), 0.1235);
  EXPECT_EQ(round_half_even_decimal(0.000025, 4), 0.0);
  EXPECT_EQ(round_half_even_decimal(-0.7339499999, 4), -0.7339);
  EXPECT_EQ(round_half_even_decimal(1e300, 4), 1e300);
  EXPECT_EQ(round_half_even_decimal(5e-324, 323), 0.0);
  EXPECT_EQ(round_half_even_decimal(5e-324, 324), 5e-324);
}

TEST(Rounding, OneDecimalAndNone) {
  EXPECT_EQ(round_half_even_decimal(2.25, 1), 2.2);
  EXPECT_EQ(round_half_even_decimal(2.5, 0), 2.0);
  EXPECT_EQ(round_half_even_decimal(3.5, 0), 4.0);
  EXPECT_EQ(round_half_even_decimal(32.0 / 6.0, 1), 5.3);
}

TEST(Rounding, Hundreds) {
  EXPECT_EQ(round_half_even_decimal(150.0, -2), 200.0);
  EXPECT_EQ(round_half_even_decimal(250.0, -2), 200.0);
  EXPECT_EQ(round_half_even_decimal(249.99999999999997, -2), 200.0);
  EXPECT_EQ(round_half_even_decimal(250.00000000000003, -2), 300.0);
  EXPECT_EQ(round_half_even_decimal(500042.0, -2), 500000.0);
  EXPECT_EQ(round_half_even_decimal(999999.442, -2), 1000000.0);
  EXPECT_EQ(round_half_even_decimal(1e22, -2), 1e22);
  EXPECT_EQ(round_half_even_decimal(12345.0, -30), 0.0);
}

TEST(Rounding, SignsAndSpecialValuesStay) {
  EXPECT_TRUE(std::signbit(round_half_even_decimal(-30.0, -2)));
  EXPECT_TRUE(std::signbit(round_half_even_decimal(-0.00001, 4)));
  EXPECT_TRUE(std::isnan(round_half_even_decimal(std::numeric_limits<double>::quiet_NaN(), 4)));
  EXPECT_EQ(round_half_even_decimal(std::numeric_limits<double>::infinity(), -2),
            std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace prov::numeric
