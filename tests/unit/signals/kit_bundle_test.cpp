#include "signals/kit_bundle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace prov::signals {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

/// A record that the kit made of a model of the zoo.
json sample() {
  std::ifstream file(PROV_REPOSITORY
                     "/tests/support/kit_folder/features/base/by-family/zoo--qwen/"
                     "qwen-a_features.json");
  return json::parse(file);
}

KitBundle parsed(const json& bundle) {
  Result<KitBundle> result = parse_kit_bundle(bundle.dump(), "b.json");
  EXPECT_TRUE(result.has_value()) << result.error().to_string();
  return *std::move(result);
}

TEST(KitBundle, IsReadFieldByField) {
  const KitBundle bundle = parsed(sample());
  EXPECT_EQ(bundle.model_id, "qwen-a");
  EXPECT_EQ(bundle.deep_signals, "features/deep-signals/by-family/zoo--qwen/qwen-a.parquet");
  EXPECT_TRUE(bundle.notes.empty());
  const MfiRecord& mfi = bundle.mfi;
  EXPECT_THAT(mfi.architectures, ElementsAre("Qwen2ForCausalLM"));
  EXPECT_EQ(mfi.hidden_size, 128);
  EXPECT_EQ(mfi.num_key_value_heads, 2);
  EXPECT_EQ(mfi.rope_theta, std::nullopt);
  EXPECT_EQ(mfi.rope_scaling, R"({"rope_theta":10000.0,"rope_type":"default"})");
  EXPECT_EQ(mfi.tie_word_embeddings, true);
  EXPECT_EQ(mfi.attention_bias, std::nullopt);
  EXPECT_EQ(mfi.gqa_ratio, 2.0);
  EXPECT_EQ(mfi.arch_hash, "0469e0b063c06cba4f0d4a85f3c75aca04f7afba9123b7c7992a002763d0a0df");
  ASSERT_TRUE(bundle.tfv.has_value());
  EXPECT_EQ(bundle.tfv->num_merges, 3838);
  EXPECT_EQ(bundle.tfv->first_merges.size(), 5u);
  EXPECT_EQ(bundle.tfv->unk_token_id, 0);
  EXPECT_EQ(bundle.tfv->mask_token_id, std::nullopt);
  EXPECT_EQ(bundle.tfv->longest, 33);
  EXPECT_EQ(bundle.tfv->all_merges_hash, "");
  EXPECT_THAT(bundle.tfv->scripts, ElementsAre(Pair("Latin", 0.9998), Pair("Other", 0.0002)));
}

TEST(KitBundle, NeedsEveryMetadataFieldButHeadDim) {
  const json complete = sample();
  for (const auto& [name, value] : complete["mfi"].items()) {
    json bundle = complete;
    bundle["mfi"].erase(name);
    const Result<KitBundle> result = parse_kit_bundle(bundle.dump(), "b.json");
    EXPECT_EQ(result.has_value(), name == "head_dim") << name;
    if (result) continue;
    EXPECT_EQ(result.error().code, ErrorCode::malformed);
    EXPECT_EQ(result.error().field, "mfi." + name);
    EXPECT_EQ(result.error().file, "b.json");
  }
}

TEST(KitBundle, RefusesMetadataOfAWrongType) {
  const std::vector<std::pair<std::string, json>> cases = {{"hidden_size", "64"},
                                                           {"hidden_size", 64.5},
                                                           {"hidden_size", true},
                                                           {"hidden_size", 1e300},
                                                           {"hidden_size", 18446744073709551615u},
                                                           {"architectures", "X"},
                                                           {"architectures", {1}},
                                                           {"model_type", nullptr},
                                                           {"rope_scaling", {1, 2}},
                                                           {"qk_norm", 0},
                                                           {"vocab_size", -1},
                                                           {"gqa_ratio", "2"}};
  for (const auto& [name, value] : cases) {
    json bundle = sample();
    bundle["mfi"][name] = value;
    const Result<KitBundle> result = parse_kit_bundle(bundle.dump(), "b.json");
    ASSERT_FALSE(result.has_value()) << name << value;
    EXPECT_EQ(result.error().field, "mfi." + name);
  }
}

TEST(KitBundle, WithoutUsableTokenizerRecordSaysWhy) {
  json bundle = sample();
  bundle["tfv"]["num_merges"] = "many";
  const KitBundle damaged = parsed(bundle);
  EXPECT_EQ(damaged.tfv, std::nullopt);
  ASSERT_EQ(damaged.notes.size(), 1u);
  EXPECT_EQ(damaged.notes[0].field, "tfv.num_merges");
  for (const char* field : {"vocab_size", "pct_byte_tokens", "avg_token_length", "num_merges"}) {
    json negative = sample();
    negative["tfv"][field] = -1;
    EXPECT_EQ(parsed(negative).tfv, std::nullopt) << field;
  }
  bundle.erase("tfv");
  EXPECT_EQ(parsed(bundle).notes.size(), 1u);
}

TEST(KitBundle, ReadsWhatOnlyPythonWrites) {
  std::string text = sample().dump();
  text.insert(1, R"("more": [NaN, 123456789012345678901234567890], )");
  const Result<KitBundle> result = parse_kit_bundle(text, "b.json");
  ASSERT_TRUE(result.has_value()) << result.error().to_string();
  EXPECT_EQ(result->mfi.arch_hash, parsed(sample()).mfi.arch_hash);
  EXPECT_EQ(result->tfv, parsed(sample()).tfv);
}

TEST(KitBundle, TokenizerFieldsHaveDefaults) {
  json bundle = sample();
  bundle["tfv"] = {{"vocab_size", 7}, {"tokenizer_class", "T"}};
  const KitBundle small = parsed(bundle);
  ASSERT_TRUE(small.tfv.has_value());
  EXPECT_EQ(small.tfv->vocab_size, 7);
  EXPECT_EQ(small.tfv->num_added_tokens, std::nullopt);
  EXPECT_EQ(small.tfv->merge_rule_hash, "");
}

TEST(KitBundle, RefusesWhatIsNoObject) {
  for (const char* text : {"", "[]", "{", "null", "{\"mfi\": []}", "{}", "\xff"}) {
    const Result<KitBundle> result = parse_kit_bundle(text, "b.json");
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().code, ErrorCode::malformed) << text;
  }
  EXPECT_EQ(parse_kit_bundle("{}", "b.json").error().field, "mfi");
}

TEST(KitBundle, TakesTheFirstArtifactOfWeightSignals) {
  json bundle = sample();
  bundle["artifact_refs"] = {1, {{"type", "other"}}, {{"type", "deep_signals"}, {"path", 3}}};
  EXPECT_EQ(parsed(bundle).deep_signals, "");
  bundle["artifact_refs"] = "x";
  EXPECT_EQ(parsed(bundle).deep_signals, "");
}

}  // namespace
}  // namespace prov::signals
