#include "numeric/matrix.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "numeric/kernels/kernels.hpp"

namespace prov::numeric {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(ClearNonFinite, ClearsThemWhereverTheyLie) {
  std::vector<float> values(2 * kBlock + 5, 0.5F), expected = values;
  for (const std::size_t i : {std::size_t{0}, kBlock - 1, 2 * kBlock + 4}) expected[i] = 0;
  values[0] = kNan, values[kBlock - 1] = -kInfinity, values[2 * kBlock + 4] = kInfinity;
  EXPECT_EQ(clear_non_finite(values), 3u);
  EXPECT_EQ(values, expected);
}

TEST(ClearNonFinite, KeepsFiniteNumbersWhoseSquaresAreNot) {
  std::vector<float> values{1e30F, kNan, -3e38F, 0x1p-149F};
  EXPECT_EQ(clear_non_finite(values), 1u);
  EXPECT_EQ(values, (std::vector<float>{1e30F, 0, -3e38F, 0x1p-149F}));
  EXPECT_EQ(clear_non_finite({}), 0u);
}

}  // namespace
}  // namespace prov::numeric
