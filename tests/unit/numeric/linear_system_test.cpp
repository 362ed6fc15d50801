#include "numeric/linear_system.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace prov::numeric {
namespace {

TEST(InverseSymmetric, TimesItsMatrixIsTheUnit) {
  const std::vector<double> a = {4, 2, -1, 2, 5, 0.5, -1, 0.5, 3};
  const auto inverse = inverse_symmetric(a, 3);
  ASSERT_TRUE(inverse.has_value());
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k) sum += a[i * 3 + k] * (*inverse)[k * 3 + j];
      EXPECT_NEAR(sum, i == j ? 1 : 0, 1e-14);
    }
  }
}

TEST(InverseSymmetric, OfNothingIsNothing) {
  const auto inverse = inverse_symmetric({}, 0);
  ASSERT_TRUE(inverse.has_value());
  EXPECT_TRUE(inverse->empty());
}

TEST(InverseSymmetric, RefusesDependentRowsAndWhatIsNoNumber) {
  EXPECT_FALSE(inverse_symmetric(std::vector<double>{1, 2, 2, 4}, 2).has_value());
  EXPECT_FALSE(inverse_symmetric(std::vector<double>{0}, 1).has_value());
  EXPECT_FALSE(inverse_symmetric(std::vector<double>{-1}, 1).has_value());
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_FALSE(inverse_symmetric(std::vector<double>{bad}, 1).has_value());
    EXPECT_FALSE(inverse_symmetric(std::vector<double>{1, bad, bad, 1}, 2).has_value());
  }
}

}  // namespace
}  // namespace prov::numeric
