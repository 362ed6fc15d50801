#include "numeric/rank_correlation.hpp"

#include <gtest/gtest.h>

namespace prov::numeric {
namespace {

using Columns = std::vector<std::uint32_t>;

TEST(RankCorrelation, IsOneForAnyRisingColumns) {
  EXPECT_DOUBLE_EQ(*rank_correlation(Columns{0, 1, 2, 3}), 1);
  EXPECT_DOUBLE_EQ(*rank_correlation(Columns{3, 70, 71, 4000000000}), 1);
  EXPECT_DOUBLE_EQ(*rank_correlation(Columns{9, 5, 2}), -1);
}

TEST(RankCorrelation, EqualsTheReference) {
  // scipy 1.17.1: spearmanr(range(n), columns).
  EXPECT_NEAR(*rank_correlation(Columns{2, 0, 3, 1, 4}), 0.5, 1e-15);
  EXPECT_NEAR(*rank_correlation(Columns{40, 10, 90, 11, 12, 3, 77}), -1.0 / 14, 1e-15);
}

TEST(RankCorrelation, NeedsTwoDifferentColumns) {
  EXPECT_FALSE(rank_correlation({}));
  EXPECT_FALSE(rank_correlation(Columns{3}));
  EXPECT_FALSE(rank_correlation(Columns{3, 1, 3}));
}

}  // namespace
}  // namespace prov::numeric
