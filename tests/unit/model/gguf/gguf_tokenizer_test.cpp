#include "model/gguf/gguf_tokenizer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/canonical_token.hpp"
#include "model/gguf/gguf_config.hpp"
#include "model/model.hpp"
#include "support/gguf_builder.hpp"
#include "support/temp_folder.hpp"

namespace prov::model {
namespace {

using testing::ElementsAre;
using testing::Pair;
using tests::Gguf;

Result<Model> opened(const Gguf& file) {
  tests::TempFolder folder;
  folder.write("model.gguf", file.bytes());
  return open_model((folder.path() / "model.gguf").string());
}

TEST(GgufTokenizer, ByteLevelTokensAreTheBytesThatTheyStandFor) {
  Gguf file;
  file.text("general.architecture", "llama")
      .text("tokenizer.ggml.model", "gpt2")
      .u32("tokenizer.ggml.bos_token_id", 0)
      .texts("tokenizer.ggml.tokens", {"<s>", "a", "b", "\xC4\xA0", "ab", "[PAD5]", "", "a"})
      .whole_numbers("tokenizer.ggml.token_type", {3, 1, 1, 1, 1, 5, 1, 1})
      .texts("tokenizer.ggml.merges", {"a b", "a nothing"});
  const auto model = opened(file);
  ASSERT_TRUE(model) << model.error().to_string();
  ASSERT_TRUE(model->tokenizer);
  const Tokenizer& tokenizer = *model->tokenizer;
  EXPECT_EQ(tokenizer.model, TokenizerModel::bpe);
  EXPECT_EQ(tokenizer.bos_piece, "<s>");
  EXPECT_THAT(tokenizer.merges, ElementsAre(Pair("a", "b")));
  ASSERT_EQ(tokenizer.added_tokens.size(), 1u);
  EXPECT_TRUE(tokenizer.added_tokens[0].special);
  const CanonicalVocabulary vocabulary = canonical_vocabulary(tokenizer);
  EXPECT_THAT(vocabulary, testing::UnorderedElementsAre(Pair("a", 1), Pair("b", 2), Pair(" ", 3),
                                                        Pair("ab", 4)));
}

TEST(GgufTokenizer, SentencePieceMergesAreMadeFromThePieces) {
  Gguf file;
  file.text("general.architecture", "llama")
      .text("tokenizer.ggml.model", "llama")
      .texts("tokenizer.ggml.tokens", {"<unk>", "<0x0A>", "\xE2\x96\x81", "a",
                                       "\xE2\x96\x81"
                                       "a"})
      .reals("tokenizer.ggml.scores", {0, 0, -1, -2, -3})
      .whole_numbers("tokenizer.ggml.token_type", {2, 6, 1, 1, 1});
  const auto model = opened(file);
  ASSERT_TRUE(model) << model.error().to_string();
  const Tokenizer& tokenizer = *model->tokenizer;
  EXPECT_TRUE(tokenizer.byte_fallback);
  EXPECT_THAT(tokenizer.merges, ElementsAre(Pair("\xE2\x96\x81", "a")));
  EXPECT_EQ(canonical_vocabulary(tokenizer).at(" a"), 4u);
  EXPECT_EQ(canonical_vocabulary(tokenizer).at("\n"), 1u);
}

TEST(GgufTokenizer, WordPieceGetsItsMarksBack) {
  Gguf file;
  file.text("general.architecture", "bert")
      .text("tokenizer.ggml.model", "bert")
      .texts("tokenizer.ggml.tokens", {"[CLS]", "\xE2\x96\x81the", "ing"})
      .whole_numbers("tokenizer.ggml.token_type", {3, 1, 1});
  const auto model = opened(file);
  ASSERT_TRUE(model) << model.error().to_string();
  EXPECT_THAT(model->tokenizer->vocabulary, ElementsAre(Pair("the", 1), Pair("##ing", 2)));
}

TEST(GgufTokenizer, ArraysOfDifferentLengthsAreRefused) {
  Gguf file;
  file.text("general.architecture", "llama")
      .texts("tokenizer.ggml.tokens", {"a", "b"})
      .whole_numbers("tokenizer.ggml.token_type", {1});
  const auto model = opened(file);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::malformed);
  EXPECT_EQ(model.error().field, "tokenizer.ggml.token_type");
}

TEST(GgufConfig, SaysWhatConfigJsonWouldSay) {
  Gguf file;
  file.text("general.architecture", "llama")
      .u32("llama.embedding_length", 8)
      .u32("llama.block_count", 2)
      .u32("llama.attention.head_count", 4)
      .whole_numbers("llama.feed_forward_length", {16, 32})  // differs by layer: left out
      .real("llama.rope.freq_base", 500000)
      .real("llama.attention.layer_norm_rms_epsilon", 1e-5F)
      .f32("token_embd.weight", {2, 2}, {1, 2, 3, 4});
  const auto model = opened(file);
  ASSERT_TRUE(model) << model.error().to_string();
  EXPECT_EQ(*model->config_text,
            R"({"architectures":["LlamaForCausalLM"],"hidden_size":8,"model_type":"llama",)"
            R"("num_attention_heads":4,"num_hidden_layers":2,"rms_norm_eps":1e-05,)"
            R"("rope_theta":500000.0,"tie_word_embeddings":true})");
}

}  // namespace
}  // namespace prov::model
