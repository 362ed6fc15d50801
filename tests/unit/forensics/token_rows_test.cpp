#include "forensics/token_rows.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/small_model.hpp"

namespace prov::forensics {
namespace {

TEST(TokenRows, FollowTheTextOfATokenAndPassOverWeakRows) {
  const SmallModel small(1, 16, 8, 120, 1);
  SmallModel reversed = small;
  for (std::size_t i = 0; i < 120; ++i) {
    std::ranges::copy(small.embedding.row(119 - i), reversed.embedding.row(i).begin());
    std::ranges::copy(small.head.row(119 - i), reversed.head.row(i).begin());
  }
  model::Model b = reversed.opened();
  for (auto& [text, id] : b.tokenizer->vocabulary) id = 119 - id;
  for (float& value : reversed.embedding.row(0)) value = 0;
  const auto rows = read_token_rows(small.opened(), {}, b, {}, {40, 40});
  ASSERT_TRUE(rows);
  EXPECT_TRUE(rows->by_text);
  EXPECT_EQ(rows->common, 120U);
  EXPECT_EQ(rows->embedding_a.rows, 40U);
  EXPECT_EQ(rows->embedding_a.values, rows->embedding_b.values);
  EXPECT_EQ(rows->head_a.values, rows->head_b.values);
}

TEST(TokenRows, HardlyTrainedTokensAreLeftOut) {
  SmallModel small(1, 16, 8, 120, 1);
  for (std::size_t i = 0; i < 48; ++i) {
    for (float& value : small.embedding.row(i)) value *= 0.01F;
  }
  const auto rows = read_token_rows(small.opened(), {}, small.opened(), {}, {60, 60});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->embedding_a.rows, 60U);
  for (std::size_t i = 0; i < rows->embedding_a.rows; ++i) {
    double norm = 0;
    for (float value : rows->embedding_a.row(i)) norm += static_cast<double>(value * value);
    EXPECT_GT(norm, 0.1);
  }
}

TEST(TokenRows, SayWhatIsMissing) {
  const SmallModel small(1, 16, 8, 80, 1), longer(1, 16, 8, 90, 1);
  EXPECT_FALSE(read_token_rows(small.opened(), {}, model::Model{}, {}, {40, 40})->missing.empty());
  const auto by_id = read_token_rows(small.opened(false), {}, small.opened(), {}, {40, 40});
  EXPECT_FALSE(by_id->by_text);
  EXPECT_EQ(by_id->embedding_a.rows, 40U);
  EXPECT_FALSE(
      read_token_rows(small.opened(false), {}, longer.opened(), {}, {40, 40})->missing.empty());
}

}  // namespace
}  // namespace prov::forensics
