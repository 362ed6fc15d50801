#include "numeric/sums.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "numeric/gemm.hpp"

namespace prov::numeric {
namespace {

TEST(SquareSum, CountsWhatIsNotFiniteAndLeavesItOut) {
  std::vector<float> x(10000, 2.0f);
  x[3] = std::numeric_limits<float>::quiet_NaN();
  x[9000] = -std::numeric_limits<float>::infinity();
  const SquareSum result = square_sum(std::span<const float>(x));
  EXPECT_EQ(result.non_finite, 2u);
  EXPECT_EQ(result.sum, 4.0 * 9998);
}

TEST(SquareSum, SurvivesSquaresBeyondTheRangeOfFloat) {
  const std::vector<float> x(100, 1e30f);
  const SquareSum result = square_sum(std::span<const float>(x));
  EXPECT_EQ(result.non_finite, 0u);
  EXPECT_NEAR(result.sum / 1e62, 1.0, 1e-6);
}

TEST(SquareSum, DoesNotLoseSmallBlocksBehindLargeOnes) {
  std::vector<float> x(8192, 0.001f);
  x[0] = 4096.0f;
  EXPECT_NEAR(square_sum(std::span<const float>(x)).sum, 0x1p24 + 4096e-6, 0.01);
}

TEST(Sums, AreExactOnSmallIntegers) {
  std::vector<float> a(5000), b(5000);
  for (std::size_t i = 0; i < 5000; ++i)
    a[i] = static_cast<float>(i % 5), b[i] = static_cast<float>(i % 3);
  const Products p = products(a, b);
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < 5000; ++i) {
    aa += static_cast<double>((i % 5) * (i % 5));
    bb += static_cast<double>((i % 3) * (i % 3));
    ab += static_cast<double>((i % 5) * (i % 3));
  }
  EXPECT_EQ(p.aa, aa);
  EXPECT_EQ(p.bb, bb);
  EXPECT_EQ(p.ab, ab);
  EXPECT_EQ(dot(a, b), ab);
  EXPECT_EQ(count_equal(a, a), 5000u);
}

TEST(MultiplyByTranspose, IsTheTableOfInnerProducts) {
  const std::vector<float> a = {1, 2, 3, 4, 5, 6}, b = {1, 0, -1, 2, 2, 2, 0, 1, 0};
  std::vector<float> out(6);
  multiply_by_transpose(a, 2, b, 3, 3, out);
  EXPECT_EQ(out, (std::vector<float>{-2, 12, 2, -2, 30, 5}));
}

}  // namespace
}  // namespace prov::numeric
