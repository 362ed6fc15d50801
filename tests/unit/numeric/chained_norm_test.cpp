#include "numeric/chained_norm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace prov::numeric {
namespace {

float norm_of(std::span<const float> x, std::size_t piece) {
  ChainedNorm norm;
  for (; x.size() > piece; x = x.subspan(piece)) norm.add(x.first(piece));
  norm.add(x);
  return norm.finish();
}

TEST(ChainedNorm, IsTheNorm) {
  EXPECT_EQ(norm_of(std::vector<float>{3, 4}, 8), 5.0f);
  EXPECT_EQ(norm_of(std::vector<float>(100, 2.0f), 16), 20.0f);
  EXPECT_EQ(norm_of({}, 8), 0.0f);
}

TEST(ChainedNorm, LosesWhatF32LosesInEightChains) {
  // In each of eight chains 2^24 swallows every 1 that follows; the rest of three elements is added
  // to the joined sum, where it is lost as well.
  std::vector<float> x(8 * 100 + 3, 1.0f);
  for (std::size_t i = 0; i < 8; ++i) x[i] = 0x1p12f;
  for (const std::size_t piece : {8u, 64u, 4096u})
    EXPECT_EQ(norm_of(x, piece), std::sqrt(0x1p27f)) << piece;
}

}  // namespace
}  // namespace prov::numeric
