#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::model {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::string field(char key, std::string_view bytes) {
  return std::string{key, static_cast<char>(bytes.size())} + std::string(bytes);
}

std::string piece(std::string_view text, float score, char type) {
  std::string out = field('\x0a', text) + '\x15';
  for (int shift = 0; shift < 32; shift += 8) {
    out += static_cast<char>(std::bit_cast<std::uint32_t>(score) >> shift & 0xFF);
  }
  return field('\x0a', out + '\x18' + type);
}

const std::string kBpe = field('\x12', std::string("\x18\x02", 2));  // trainer_spec {model_type: 2}
const std::string kPieces = piece("<unk>", 0, 2) + piece("<s>", 0, 3) + piece("<u>", 0, 4) +
                            piece("a", -1, 1) + piece("b", -2, 1) + piece("ab", -3, 1) +
                            piece("aab", -4, 1);

TEST(SentencePieceModel, PiecesAndAddedTokens) {
  const auto tokenizer = parse_sentencepiece(kPieces, "tokenizer.model");
  ASSERT_TRUE(tokenizer);
  EXPECT_EQ(tokenizer->model, TokenizerModel::unigram);
  EXPECT_EQ(tokenizer->vocabulary.size(), 7u);
  EXPECT_THAT(tokenizer->scores, ElementsAre(0, 0, 0, -1, -2, -3, -4));
  EXPECT_EQ(tokenizer->unk_id, 0u);
  ASSERT_EQ(tokenizer->added_tokens.size(), 2u);
  EXPECT_TRUE(tokenizer->added_tokens[0].special);
  EXPECT_FALSE(tokenizer->added_tokens[1].special);
}

TEST(SentencePieceModel, MergesAreMadeFromThePieces) {
  const auto tokenizer = parse_sentencepiece(kPieces + kBpe, "tokenizer.model");
  ASSERT_TRUE(tokenizer);
  EXPECT_EQ(tokenizer->model, TokenizerModel::bpe);
  EXPECT_THAT(tokenizer->merges, ElementsAre(Pair("a", "b"), Pair("a", "ab")));
}

TEST(SentencePieceModel, UnknownFieldsAreSkipped) {
  const std::string more = field('\x22', "self test") + std::string(
                                                            "\x31"
                                                            "12345678",
                                                            9);
  EXPECT_TRUE(parse_sentencepiece(more + kPieces + more, "tokenizer.model"));
}

TEST(SentencePieceModel, EveryPrefixIsReadOrRefused) {
  const std::string whole = kPieces + kBpe;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::vector<char> bytes(whole.begin(),
                                  whole.begin() + static_cast<std::ptrdiff_t>(length));
    const auto tokenizer = parse_sentencepiece({bytes.data(), bytes.size()}, "tokenizer.model");
    const std::uint64_t place = tokenizer ? 0 : tokenizer.error().offset.value_or(0);
    EXPECT_LE(place, length);
  }
}

TEST(SentencePieceModel, ErrorsNameThePlace) {
  const auto cut = parse_sentencepiece(std::string_view(kPieces).substr(0, 12), "tokenizer.model");
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().file, "tokenizer.model");
  EXPECT_EQ(cut.error().hint, "incomplete download?");
}

}  // namespace
}  // namespace prov::model
