// The metadata record and its similarity, against the published kit: 26 fields of each model, score
// and tier of each pair.
#include "signals/mfi.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

namespace prov::signals {
namespace {

using nlohmann::json;

const json& cases() {
  static const json data = [] {
    std::ifstream file(PROV_MFI_CASES);
    return json::parse(file);
  }();
  return data;
}

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

template <class T>
std::optional<T> optional_of(const json& value) {
  return value.is_null() ? std::nullopt : std::optional<T>(value.get<T>());
}

std::optional<model::ConfigNumber> number_of(const json& value) {
  if (value.is_null()) return std::nullopt;
  if (value.is_number_integer()) return value.get<std::int64_t>();
  return value.get<double>();
}

json to_json(const MfiRecord& r) {
  const json theta = r.rope_theta
                         ? std::visit([](auto number) { return json(number); }, *r.rope_theta)
                         : json(nullptr);
  return {{"model_type", r.model_type},
          {"architectures", r.architectures},
          {"hidden_size", r.hidden_size},
          {"num_hidden_layers", r.num_hidden_layers},
          {"num_attention_heads", r.num_attention_heads},
          {"num_key_value_heads", or_null(r.num_key_value_heads)},
          {"intermediate_size", r.intermediate_size},
          {"vocab_size", r.vocab_size},
          {"max_position_embeddings", r.max_position_embeddings},
          {"hidden_act", or_null(r.hidden_act)},
          {"rope_theta", theta},
          {"rope_scaling", json::parse(r.rope_scaling)},
          {"tie_word_embeddings", or_null(r.tie_word_embeddings)},
          {"bos_token_id", or_null(r.bos_token_id)},
          {"eos_token_id", or_null(r.eos_token_id)},
          {"gqa_ratio", r.gqa_ratio},
          {"attention_style", r.attention_style},
          {"norm_type", r.norm_type},
          {"attention_bias", or_null(r.attention_bias)},
          {"qk_norm", r.qk_norm},
          {"pos_encoding", r.pos_encoding},
          {"head_dim", or_null(r.head_dim)},
          {"tokenizer_hash", r.tokenizer_hash},
          {"token_id_signature", r.token_id_signature},
          {"arch_hash", r.arch_hash},
          {"family_hash", r.family_hash}};
}

/// The members that the similarity looks at.
MfiRecord from_json(const json& mfi) {
  MfiRecord r;
  r.model_type = mfi["model_type"];
  r.hidden_size = mfi["hidden_size"];
  r.num_hidden_layers = mfi["num_hidden_layers"];
  r.vocab_size = mfi["vocab_size"];
  r.rope_theta = number_of(mfi["rope_theta"]);
  r.bos_token_id = optional_of<std::int64_t>(mfi["bos_token_id"]);
  r.eos_token_id = optional_of<std::int64_t>(mfi["eos_token_id"]);
  r.attention_style = mfi["attention_style"];
  r.norm_type = mfi["norm_type"];
  r.attention_bias = optional_of<bool>(mfi["attention_bias"]);
  r.qk_norm = mfi["qk_norm"];
  r.pos_encoding = mfi["pos_encoding"];
  r.arch_hash = mfi["arch_hash"];
  r.family_hash = mfi["family_hash"];
  return r;
}

TEST(MfiParity, AllFieldsOfEveryModel) {
  std::size_t compared = 0;
  for (const json& entry : cases()["models"]) {
    const json& expected = entry["mfi"];
    EXPECT_EQ(mfi_family(expected["model_type"].get<std::string>()), entry["family"])
        << entry["name"];
    if (entry["config"].is_null()) continue;
    const auto config = model::read_config_facts(entry["config"].dump(), "config.json");
    ASSERT_TRUE(config) << entry["name"];
    const MfiTokenizer tokenizer{optional_of<std::int64_t>(expected["bos_token_id"]),
                                 optional_of<std::int64_t>(expected["eos_token_id"]),
                                 expected["tokenizer_hash"]};
    const json record = to_json(extract_mfi(*config, tokenizer));
    ASSERT_EQ(record.size(), 26u);
    for (const auto& [field, value] : record.items())
      EXPECT_EQ(value, expected[field]) << entry["name"] << ": " << field;
    ++compared;
  }
  EXPECT_EQ(compared, 105u);
}

TEST(MfiParity, ScoreTierAndMatchOfEveryPair) {
  std::vector<MfiRecord> records;
  for (const json& entry : cases()["models"]) records.push_back(from_json(entry["mfi"]));
  std::map<int, int> tiers;
  for (const json& pair : cases()["pairs"]) {
    const std::size_t a = pair[0], b = pair[1];
    for (const auto& [x, y] : {std::pair(a, b), std::pair(b, a)}) {
      const MfiSimilarity similarity = mfi_similarity(records.at(x), records.at(y));
      EXPECT_EQ(similarity.score, pair[2]) << "models " << x << " and " << y;
      EXPECT_EQ(similarity.tier, pair[3]) << "models " << x << " and " << y;
      EXPECT_EQ(similarity.match_type, pair[4]) << "models " << x << " and " << y;
      ++tiers[similarity.tier];
    }
  }
  for (int tier : {1, 2, 3}) EXPECT_GT(tiers[tier], 20) << tier;
}

// Texts and digests of the specification, section 2.4.4.
TEST(MfiParity, HashesOfPublishedModels) {
  model::ConfigFacts falcon{.model_type = "falcon",
                            .architectures = {"FalconForCausalLM"},
                            .hidden_size = 4096,
                            .num_hidden_layers = 60,
                            .num_attention_heads = 32,
                            .vocab_size = 65024,
                            .max_position_embeddings = 8192,
                            .rope_theta = model::ConfigNumber(500042.0),
                            .norm_type = "LayerNorm"};
  const MfiTokenizer tokenizer{
      {}, {}, "27d6eb8ff1ecf301f2971e19ab9afacaf2fb2b3149cea6d6eedf7d68445dc8f6"};
  const MfiRecord record = extract_mfi(falcon, tokenizer);
  EXPECT_EQ(record.arch_hash, "6f62307f214b90cb68a83ae94b8eb47d237b2f247ee8f15ecd5a0eca628f9d80");
  EXPECT_EQ(record.family_hash, "a0fab825ad186ec277d446a8a750c8b47034100dc1e3a01492435a31dffc1de6");
  EXPECT_EQ(record.token_id_signature, "bos=None|eos=None");

  // A whole number keeps its text without a point; the two give different hashes.
  falcon.rope_theta = model::ConfigNumber(std::int64_t{500042});
  EXPECT_NE(extract_mfi(falcon, tokenizer).family_hash, record.family_hash);
}

TEST(MfiParity, AttentionStyles) {
  struct Case {
    std::int64_t heads;
    std::optional<std::int64_t> key_value_heads;
    const char* style;
    double ratio;
  };
  for (const Case& c : {Case{32, {}, "MHA", 1.0}, Case{32, 32, "MHA", 1.0},
                        Case{32, 1, "MQA", 32.0}, Case{32, 6, "GQA", 5.3}, Case{32, 0, "GQA", 1.0},
                        Case{0, 1, "MHA", 1.0}, Case{1, 1, "MHA", 1.0}}) {
    model::ConfigFacts config;
    config.num_attention_heads = c.heads;
    config.num_key_value_heads = c.key_value_heads;
    const MfiRecord record = extract_mfi(config, {});
    EXPECT_EQ(record.attention_style, c.style) << c.heads;
    EXPECT_EQ(record.gqa_ratio, c.ratio) << c.heads;
  }
}

}  // namespace
}  // namespace prov::signals
