#include "forensics/vocabulary_change.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/small_model.hpp"

namespace prov::forensics {
namespace {

model::Model with_tokens(std::size_t count) { return SmallModel(1, 8, 8, count, 1).opened(); }

TEST(VocabularyChange, SeesTokensThatWereAppended) {
  const VocabularyChange change = compare_vocabularies(with_tokens(20), with_tokens(25));
  EXPECT_TRUE(change.known);
  EXPECT_TRUE(change.b_appends);
  EXPECT_FALSE(change.a_appends);
  EXPECT_EQ(change.common, 20U);
  EXPECT_EQ(change.rows_b, 25U);
  EXPECT_TRUE(compare_vocabularies(with_tokens(25), with_tokens(20)).a_appends);
  EXPECT_FALSE(compare_vocabularies(with_tokens(20), with_tokens(20)).b_appends);
}

TEST(VocabularyChange, ATokenInBetweenIsNotAppended) {
  model::Model inserted = with_tokens(21);
  inserted.tokenizer->vocabulary[3].first = "new";
  EXPECT_FALSE(compare_vocabularies(with_tokens(20), inserted).b_appends);
}

TEST(VocabularyChange, CountsMovedIds) {
  model::Model moved = with_tokens(20);
  std::swap(moved.tokenizer->vocabulary[1].second, moved.tokenizer->vocabulary[2].second);
  const VocabularyChange change = compare_vocabularies(with_tokens(20), moved);
  EXPECT_EQ(change.common, 20U);
  EXPECT_EQ(change.same_id, 18U);
  EXPECT_FALSE(change.b_appends);
}

TEST(VocabularyChange, IsUnknownWithoutATokenizer) {
  const VocabularyChange change =
      compare_vocabularies(with_tokens(20), SmallModel(1, 8, 8, 20, 1).opened(false));
  EXPECT_FALSE(change.known);
  EXPECT_EQ(change.rows_b, 20U);
}

}  // namespace
}  // namespace prov::forensics
