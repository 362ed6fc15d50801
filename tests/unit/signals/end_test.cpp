#include "signals/end.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace prov::signals {
namespace {

std::vector<double> histogram(const std::vector<float>& norms) {
  const EndRecord record = make_end(norms);
  return {record.histogram->begin(), record.histogram->end()};
}

void expect_near(const std::vector<double>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 1e-6) << i;
}

// Vectors of section 6.4.
TEST(End, CutsTheRangeIntoTwentyBins) {
  const double e = 1.0 / 11;
  expect_near(histogram({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}),
              {e, 0, e, 0, e, 0, e, 0, e, 0, e, 0, e, 0, e, 0, e, 0, e, e});
  expect_near(histogram({1, 1, 1}), {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  expect_near(histogram({1, 2, 2, 4}),
              {.25, 0, 0, 0, 0, 0, .5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .25});
  std::vector<float> roots;
  for (int i = 1; i <= 40; ++i) roots.push_back(std::sqrt(static_cast<float>(i)));
  expect_near(histogram(roots), {.025, .025, .025, .025, .025, .025, .05,  .025, .05,  .05,
                                 .05,  .05,  .05,  .075, .05,  .075, .075, .075, .075, .1});
}

TEST(End, SurvivesARangeThatFloatCannotDivide) {
  const float next = std::nextafter(1.0f, 2.0f);
  const auto shares = histogram({1.0f, next, next, next});
  double total = 0;
  for (double share : shares) {
    EXPECT_TRUE(std::isfinite(share));
    total += share;
  }
  EXPECT_NEAR(total, 1.0, 1e-6);
}

TEST(End, SaysWhyItIsMissing) {
  EXPECT_FALSE(make_end({}).histogram);
  EXPECT_NE(make_end(std::vector<float>{1, INFINITY}).missing, "");
}

TEST(EndSimilarity, IgnoresTheRange) {
  const EndRecord a = make_end(std::vector<float>{1, 2, 2, 4});
  const EndRecord scaled = make_end(std::vector<float>{11, 12, 12, 14});
  EXPECT_EQ(end_similarity(a, scaled), 1.0);
  EXPECT_EQ(end_similarity(a, make_end(std::vector<float>{1, 3.5f, 3.5f, 4})), 0.3333);
  EXPECT_FALSE(end_similarity(a, EndRecord{}));
}

}  // namespace
}  // namespace prov::signals
