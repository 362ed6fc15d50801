#include "numeric/walsh_hadamard.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

namespace prov::numeric {
namespace {

TEST(WalshHadamard, IsTheMatrixOfSignsOfCommonBits) {
  std::vector<double> values = {3, -1, 4, 1, -5, 9, 2, 6};
  const std::vector<double> before = values;
  walsh_hadamard(values);
  for (unsigned i = 0; i < 8; ++i) {
    double expected = 0;
    for (unsigned j = 0; j < 8; ++j)
      expected += std::popcount(i & j) % 2 == 0 ? before[j] : -before[j];
    EXPECT_EQ(values[i], expected) << i;
  }
}

TEST(WalshHadamard, TwiceIsTheLength) {
  std::vector<double> values = {1, 2, 3, 4};
  walsh_hadamard(values);
  walsh_hadamard(values);
  EXPECT_EQ(values, (std::vector<double>{4, 8, 12, 16}));
}

TEST(WalshHadamard, LeavesNothingAndOneNumberAsTheyAre) {
  std::vector<double> none, one = {7};
  walsh_hadamard(none);
  walsh_hadamard(one);
  EXPECT_EQ(one, std::vector<double>{7});
}

}  // namespace
}  // namespace prov::numeric
