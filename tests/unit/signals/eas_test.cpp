#include "signals/eas.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace prov::signals {
namespace {

// Twenty distinct directions in the plane.
std::vector<float> fan(float step) {
  std::vector<float> rows;
  for (int i = 0; i < 20; ++i) {
    const auto angle = static_cast<double>(step) * i * i;
    rows.push_back(static_cast<float>(3.0 * std::cos(angle)));
    rows.push_back(static_cast<float>(3.0 * std::sin(angle)));
  }
  return rows;
}

TEST(Eas, HoldsCosinesBetweenAnchors) {
  const EasRecord record = make_eas(std::vector<float>{3, 0, 0, 5, 1, 1}, 2);
  ASSERT_EQ(record.anchors, 3u);
  const float half = 0.70710678f;
  const std::vector<float> expected = {1, 0, half, 0, 1, half, half, half, 1};
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(record.cosines[i], expected[i], 1e-6f) << i;
}

TEST(Eas, GivesAZeroRowCosinesOfZero) {
  const EasRecord record = make_eas(std::vector<float>{0, 0, 1, 0}, 2);
  EXPECT_EQ(record.cosines, (std::vector<float>{0, 0, 0, 1}));
}

TEST(Eas, SaysWhyItIsMissing) {
  const EasRecord record =
      make_eas(std::vector<float>{1, std::numeric_limits<float>::infinity()}, 2);
  EXPECT_EQ(record.anchors, 0u);
  EXPECT_NE(record.missing, "");
}

TEST(EasSimilarity, IsOneForTheSameGeometryAndIgnoresLengths) {
  std::vector<float> rows = fan(0.1f), longer = rows;
  for (std::size_t i = 0; i < longer.size(); ++i) longer[i] *= static_cast<float>(i / 2 + 1);
  EXPECT_EQ(eas_similarity(make_eas(rows, 2), make_eas(longer, 2)), 1.0);
}

TEST(EasSimilarity, MatchesTheFirstAnchorsOfBoth) {
  const std::vector<float> rows = fan(0.1f);
  const std::vector<float> fewer(rows.begin(), rows.begin() + 2 * 16);
  EXPECT_EQ(eas_similarity(make_eas(rows, 2), make_eas(fewer, 2)), 1.0);
  const auto other = eas_similarity(make_eas(rows, 2), make_eas(fan(0.37f), 2));
  ASSERT_TRUE(other);
  EXPECT_LT(*other, 0.75);
}

TEST(EasSimilarity, NeedsEightAnchorsAndSomeVariation) {
  const std::vector<float> rows = fan(0.1f);
  const std::vector<float> seven(rows.begin(), rows.begin() + 14);
  EXPECT_FALSE(eas_similarity(make_eas(seven, 2), make_eas(rows, 2)));
  EXPECT_FALSE(eas_similarity(make_eas(std::vector<float>(40, 1.0f), 2), make_eas(rows, 2)));
  EXPECT_FALSE(eas_similarity(EasRecord{}, make_eas(rows, 2)));
}

}  // namespace
}  // namespace prov::signals
