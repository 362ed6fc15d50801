#include "signals/tfv.hpp"

#include <gtest/gtest.h>

namespace prov::signals {
namespace {

TokenizerFeatures sample() {
  TokenizerFeatures features;
  features.vocab_size = 100;
  features.tokenizer_class = "A";
  features.pad_token_id = 0;
  features.num_merges = 10;
  features.merge_rule_hash = "x";
  features.all_merges_hash = "y";
  features.average_length = 4;
  features.scripts = {{"Latin", 1.0}};
  return features;
}

TEST(Tfv, ATokenizerWithItselfIsOne) { EXPECT_EQ(tokenizer_similarity(sample(), sample()), 1.0); }

TEST(Tfv, WithoutMergesItIsOneLessHalfAComponent) {
  TokenizerFeatures features = sample();
  features.num_merges = 0;
  features.all_merges_hash = "";
  EXPECT_EQ(tokenizer_similarity(features, features), 0.925);
}

TEST(Tfv, ComponentsWeighAsWritten) {
  TokenizerFeatures other = sample();
  other.tokenizer_class = "B";
  EXPECT_EQ(tokenizer_similarity(sample(), other), 0.9);
  other = sample();
  other.vocab_size = 50;
  EXPECT_EQ(tokenizer_similarity(sample(), other), 0.95);
  other = sample();
  other.bos_token_id = 1;
  EXPECT_EQ(tokenizer_similarity(sample(), other), 0.96);
  other = sample();
  other.byte_share = 0.5;
  EXPECT_EQ(tokenizer_similarity(sample(), other), 0.95);
  other = sample();
  other.merge_rule_hash = "z";
  EXPECT_EQ(tokenizer_similarity(sample(), other), 0.85);
  other = sample();
  other.pad_token_id.reset();  // one null only: the pair is left out, two equal ones remain
  EXPECT_EQ(tokenizer_similarity(sample(), other), 1.0);
  other.unk_token_id = 3;
  other.mask_token_id = 4;  // no pair is left
  EXPECT_EQ(tokenizer_similarity(sample(), other), 0.95);
}

TEST(Tfv, ByteTokensAndSpacePrefixes) {
  model::KitTokenizer kit;
  kit.class_name = "C";
  kit.backend.vocabulary = {{"<0x0A>", 0}, {"<0xzz>", 1}, {"\u2581a", 2},
                            {"\u0120", 3}, {" b", 4},     {"<0x0a>\n", 5}};
  const auto features = extract_tokenizer_features(kit);
  EXPECT_EQ(features.vocab_size, 6);
  EXPECT_EQ(features.byte_share, 0.3333);
  EXPECT_EQ(features.space_prefix_share, 0.5);
  EXPECT_EQ(features.single_character_share, 0.1667);
  EXPECT_EQ(features.longest, 7);
  EXPECT_EQ(features.average_length, 4.0);
  EXPECT_EQ(features.num_merges, 0);
  EXPECT_EQ(features.merge_rule_hash,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Tfv, NoTokensNoFeatures) {
  model::KitTokenizer kit;
  kit.class_name = "C";
  const auto features = extract_tokenizer_features(kit);
  EXPECT_EQ(features.vocab_size, 0);
  EXPECT_EQ(features.tokenizer_class, "C");
  EXPECT_EQ(features.num_added_tokens, std::nullopt);
}

}  // namespace
}  // namespace prov::signals
