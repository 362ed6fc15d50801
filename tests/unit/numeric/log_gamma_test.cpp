#include "numeric/log_gamma.hpp"

#include <gtest/gtest.h>

namespace prov::numeric {
namespace {

// Reference values: mpmath 1.4.1, loggamma with 60 digits.
TEST(LogGamma, EqualsTheReference) {
  EXPECT_NEAR(log_gamma(0.5), 0.57236494292470009, 1e-14);
  EXPECT_NEAR(log_gamma(1), 0, 1e-14);
  EXPECT_NEAR(log_gamma(3.7), 1.4280723266653881, 1e-14);
  EXPECT_NEAR(log_gamma(15.9), 27.625493215168692, 1e-13);
  EXPECT_NEAR(log_gamma(100.5), 361.43554046777762, 1e-12);
  EXPECT_NEAR(log_gamma(1e6) / 12815504.569147612, 1, 1e-14);
}

TEST(LogGamma, OfAHalfStepKeepsDigitsThatADifferenceLoses) {
  EXPECT_NEAR(log_gamma_half_step(0.5), -0.57236494292470009, 1e-14);
  EXPECT_NEAR(log_gamma_half_step(3.7), 0.62048331029520191, 1e-14);
  EXPECT_NEAR(log_gamma_half_step(15.9), 1.3752992135687591, 1e-14);
  EXPECT_NEAR(log_gamma_half_step(16), 1.378483131199923, 1e-14);
  EXPECT_NEAR(log_gamma_half_step(1e6), 6.9077551539821371, 1e-14);
}

TEST(LogFactorial, EqualsSmallFactorials) {
  EXPECT_NEAR(log_factorial(0), 0, 1e-14);
  EXPECT_NEAR(log_factorial(10), std::log(3628800.0), 1e-13);
}

}  // namespace
}  // namespace prov::numeric
