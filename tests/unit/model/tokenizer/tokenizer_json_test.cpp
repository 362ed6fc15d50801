#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/kit_tokenizer/backend_text.hpp"
#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::model {
namespace {

using testing::ElementsAre;
using testing::Pair;

Tokenizer parse(const std::string& text) {
  auto tokenizer = parse_tokenizer_json(text, "tokenizer.json");
  EXPECT_TRUE(tokenizer) << tokenizer.error().to_string();
  return tokenizer ? *tokenizer : Tokenizer{};
}

std::string with_model(const std::string& model, const std::string& rest = "") {
  return "{" + rest + "\"model\":" + model + "}";
}

constexpr const char* kBpe = R"({"type":"BPE","vocab":{"b":5,"a":0,"ab":3},"merges":[["a","b"]]})";

TEST(TokenizerJson, VocabularyComesById) {
  const Tokenizer tokenizer = parse(with_model(kBpe));
  EXPECT_EQ(tokenizer.model, TokenizerModel::bpe);
  EXPECT_THAT(tokenizer.vocabulary, ElementsAre(Pair("a", 0), Pair("ab", 3), Pair("b", 5)));
  EXPECT_THAT(tokenizer.merges, ElementsAre(Pair("a", "b")));
}

TEST(TokenizerJson, OldMergesAreTexts) {
  const Tokenizer tokenizer = parse(with_model(
      R"({"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["#version: 0.2","a b"]})"));
  EXPECT_THAT(tokenizer.merges, ElementsAre(Pair("a", "b")));
}

TEST(TokenizerJson, EqualMergesCollapseOntoTheLast) {
  const Tokenizer tokenizer = parse(with_model(
      R"({"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"ba":3},"merges":["a b","b a","a b"]})"));
  EXPECT_THAT(tokenizer.merges, ElementsAre(Pair("b", "a"), Pair("a", "b")));
}

TEST(TokenizerJson, MergesDropTheContinuingPrefix) {
  const Tokenizer tokenizer = parse(with_model(
      R"({"type":"BPE","continuing_subword_prefix":"##","vocab":{"a":0,"##b":1,"ab":2},"merges":["a ##b"]})"));
  EXPECT_EQ(tokenizer.merges.size(), 1u);
}

TEST(TokenizerJson, AMissingTypeIsGuessed) {
  EXPECT_EQ(parse(with_model(R"({"vocab":{"a":0},"merges":[]})")).model, TokenizerModel::bpe);
  EXPECT_EQ(parse(with_model(R"({"vocab":[["a",0.5]]})")).model, TokenizerModel::unigram);
  EXPECT_EQ(parse(with_model(R"({"vocab":{"a":0},"continuing_subword_prefix":"##"})")).model,
            TokenizerModel::wordpiece);
  EXPECT_EQ(parse(with_model(R"({"vocab":{"a":0},"unk_token":"a"})")).model,
            TokenizerModel::wordlevel);
}

TEST(TokenizerJson, IdsOfAddedTokensAreWorkedOutAnew) {
  const Tokenizer tokenizer = parse(with_model(kBpe, R"("added_tokens":[
      {"id":77,"content":"zz"},{"id":78,"content":"b","special":true},{"id":79,"content":"zy"},
      {"id":80,"content":""},{"id":81,"content":"zz","special":true,"normalized":false}],)"));
  ASSERT_EQ(tokenizer.added_tokens.size(), 3u);
  EXPECT_EQ(tokenizer.added_tokens[0].content, "zz");  // the vocabulary has three entries
  EXPECT_EQ(tokenizer.added_tokens[0].id, 3u);
  EXPECT_TRUE(tokenizer.added_tokens[0].special);  // the last flags count
  EXPECT_EQ(tokenizer.added_tokens[1].content, "zy");
  EXPECT_EQ(tokenizer.added_tokens[1].id, 4u);
  EXPECT_EQ(tokenizer.added_tokens[2].content, "b");
  EXPECT_EQ(tokenizer.added_tokens[2].id, 5u);
}

TEST(TokenizerJson, FullVocabularyNamesEachTextOnce) {
  const Tokenizer bpe =
      parse(with_model(kBpe, R"("added_tokens":[{"content":"b"},{"content":"z"}],)"));
  EXPECT_THAT(full_vocabulary(bpe),
              ElementsAre(Pair("a", 0), Pair("ab", 3), Pair("z", 3), Pair("b", 5)));
  const Tokenizer pieces =
      parse(with_model(R"({"type":"Unigram","vocab":[["a",0],["b",0],["a",0]]})"));
  EXPECT_THAT(full_vocabulary(pieces), ElementsAre(Pair("b", 1), Pair("a", 2)));
}

TEST(TokenizerJson, PartsAreWrittenWithDefaultsInTheOrderOfTheLibrary) {
  const Tokenizer tokenizer = parse(with_model(kBpe, R"(
      "truncation":{"max_length":5,"strategy":"LongestFirst","stride":0},
      "normalizer":{"lowercase":true,"type":"BertNormalizer","handle_chinese_chars":true,"clean_text":true},
      "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Punctuation"},
        {"type":"Metaspace","str_rep":"_","add_prefix_space":true,"replacement":"_"}]},
      "post_processor":{"type":"TemplateProcessing","pair":[],"single":[{"SpecialToken":{"type_id":0,"id":"x"}}],
        "special_tokens":{"x":{"tokens":["x"],"ids":[1],"id":"x"},"a":{"id":"a","ids":[3],"tokens":["a"]}}},
      "decoder":{"trim_offsets":true,"type":"ByteLevel","add_prefix_space":true},)"));
  EXPECT_EQ(
      backend_text(tokenizer),
      R"({"version":"1.0","truncation":{"direction":"Right","max_length":5,"strategy":"LongestFirst","stride":0},)"
      R"("padding":null,"added_tokens":[],)"
      R"("normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},)"
      R"("pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Punctuation","behavior":"Isolated"},)"
      R"({"type":"Metaspace","replacement":"_","prepend_scheme":"always","split":true}]},)"
      R"("post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x","type_id":0}}],"pair":[],)"
      R"("special_tokens":{"a":{"id":"a","ids":[3],"tokens":["a"]},"x":{"id":"x","ids":[1],"tokens":["x"]}}},)"
      R"("decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},)"
      R"("model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,)"
      R"("fuse_unk":false,"byte_fallback":false,"ignore_merges":false,"vocab":{"a":0,"ab":3,"b":5},"merges":[["a","b"]]}})");
}

TEST(TokenizerJson, UnknownPartsAreKeptAndNamedByTheEncoder) {
  const Tokenizer tokenizer = parse(with_model(kBpe, R"("normalizer":{"z":1,"type":"Quantum"},)"));
  EXPECT_EQ(tokenizer.normalizer, R"({"z":1,"type":"Quantum"})");
  EXPECT_THAT(TextEncoder(tokenizer).skipped(), ElementsAre("normalizer Quantum"));
}

}  // namespace
}  // namespace prov::model
