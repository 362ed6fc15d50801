#include "fingerprint/token_basis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "unit/forensics/small_model.hpp"

namespace prov::fingerprint {
namespace {

using forensics::SmallModel;

TEST(TokenBasis, FollowsTheTextWhateverTheOrderOfIds) {
  const SmallModel small(1, 16, 8, 120, 1);
  SmallModel turned = small;
  for (std::size_t i = 0; i < 120; ++i) {
    std::ranges::copy(small.embedding.row(119 - i), turned.embedding.row(i).begin());
    std::ranges::copy(small.head.row(119 - i), turned.head.row(i).begin());
  }
  model::Model b = turned.opened();
  for (auto& [text, id] : b.tokenizer->vocabulary) id = 119 - id;
  const auto in_a = read_token_basis(small.opened(), {}, 30);
  const auto in_b = read_token_basis(b, {}, 30);
  ASSERT_TRUE(in_a && in_b);
  EXPECT_EQ(in_a->keys.size(), 30U);
  EXPECT_TRUE(std::ranges::is_sorted(in_a->keys));
  EXPECT_EQ(in_a->keys, in_b->keys);
  EXPECT_EQ(in_a->embedding.values, in_b->embedding.values);
  EXPECT_EQ(in_a->head.values, in_b->head.values);
}

TEST(TokenBasis, AnExtendedVocabularyKeepsMostTokens) {
  const SmallModel small(1, 16, 8, 200, 1), longer(1, 16, 8, 220, 1);
  const auto a = read_token_basis(small.opened(), {}, 50);
  const auto b = read_token_basis(longer.opened(), {}, 50);
  std::vector<std::uint64_t> common;
  std::ranges::set_intersection(a->keys, b->keys, std::back_inserter(common));
  EXPECT_GT(common.size(), 38U);
}

TEST(TokenBasis, TokensThatOnlyMovedWithTheCrowdAreLeftOut) {
  SmallModel small(1, 16, 8, 120, 1);
  for (float& value : small.embedding.values) value += 3;
  const auto all = read_token_basis(small.opened(), {}, 120);
  for (std::size_t i = 0; i < 30; ++i) {
    for (std::size_t j = 0; j < 8; ++j)
      small.embedding.row(i)[j] = 3 + 0.01F * (small.embedding.row(i)[j] - 3);
  }
  // They are as long as the others, but say nothing of their own.
  const auto basis = read_token_basis(small.opened(), {}, 120);
  EXPECT_LE(basis->keys.size(), 90U);
  for (std::size_t i = 0; i < basis->embedding.rows; ++i)
    EXPECT_FALSE(std::ranges::all_of(basis->embedding.row(i),
                                     [](float x) { return std::abs(x - 3) < 0.1F; }));
  EXPECT_GT(all->keys.size(), 105U);
}

TEST(TokenBasis, WithoutATokenizerIdsStandForTokens) {
  const SmallModel small(1, 16, 8, 80, 1);
  const auto by_id = read_token_basis(small.opened(false), {}, 40);
  const auto by_text = read_token_basis(small.opened(), {}, 40);
  EXPECT_FALSE(by_id->by_text);
  EXPECT_EQ(by_id->keys.size(), 40U);
  std::vector<std::uint64_t> common;
  std::ranges::set_intersection(by_id->keys, by_text->keys, std::back_inserter(common));
  EXPECT_TRUE(common.empty());
}

TEST(TokenBasis, SaysWhatIsMissing) {
  EXPECT_FALSE(read_token_basis(model::Model{}, {}, 40)->missing.empty());
  SmallModel blank(1, 16, 8, 80, 1);
  std::ranges::fill(blank.embedding.values, 0.5F);
  const auto basis = read_token_basis(blank.opened(), {}, 40);
  EXPECT_FALSE(basis->missing.empty());
  EXPECT_TRUE(basis->keys.empty());
}

}  // namespace
}  // namespace prov::fingerprint
