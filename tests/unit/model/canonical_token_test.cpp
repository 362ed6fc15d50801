#include "model/canonical_token.hpp"

#include <gtest/gtest.h>

namespace prov::model {
namespace {

Tokenizer with_tokens(std::vector<std::pair<std::string, std::uint32_t>> vocabulary) {
  Tokenizer tokenizer;
  tokenizer.vocabulary = std::move(vocabulary);
  return tokenizer;
}

TEST(CanonicalVocabulary, SpellsTheSameTokenAlikeInAllKindsOfTokenizers) {
  Tokenizer byte_level = with_tokens({{"\xC4\xA0the", 7}, {"\xC4\x8A", 8}});  // G with dot: space
  byte_level.decoder = R"({"type":"ByteLevel"})";
  Tokenizer pieces = with_tokens({{"\xE2\x96\x81the", 3}, {"<0x0A>", 4}});
  Tokenizer words = with_tokens({{"the", 1}, {"##ing", 2}});
  words.model = TokenizerModel::wordpiece;
  EXPECT_EQ(canonical_vocabulary(byte_level).at(" the"), 7U);
  EXPECT_EQ(canonical_vocabulary(byte_level).at("\n"), 8U);
  EXPECT_EQ(canonical_vocabulary(pieces).at(" the"), 3U);
  EXPECT_EQ(canonical_vocabulary(pieces).at("\n"), 4U);
  EXPECT_EQ(canonical_vocabulary(words).at(" the"), 1U);
  EXPECT_EQ(canonical_vocabulary(words).at("ing"), 2U);
}

TEST(CanonicalVocabulary, LeavesAddedTokensOut) {
  Tokenizer tokenizer = with_tokens({{"<s>", 0}, {"word", 1}});
  tokenizer.added_tokens = {{.id = 0, .content = "<s>", .special = true},
                            {.id = 9, .content = "<pad>", .special = true}};
  const CanonicalVocabulary vocabulary = canonical_vocabulary(tokenizer);
  EXPECT_EQ(vocabulary.size(), 1U);
  EXPECT_TRUE(vocabulary.contains("word"));
}

TEST(CanonicalVocabulary, KeepsTheLowerIdOfTwoSpellings) {
  const CanonicalVocabulary vocabulary =
      canonical_vocabulary(with_tokens({{"a", 1}, {"\xE2\x96\x81", 5}, {" ", 2}, {"<0x20>", 3}}));
  EXPECT_EQ(vocabulary.at(" "), 2U);
}

}  // namespace
}  // namespace prov::model
