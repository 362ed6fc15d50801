#include "model/adapter/adapter_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/checkpoint_builder.hpp"

namespace prov::model {
namespace {

using testing::HasSubstr;

Result<std::optional<AdapterConfig>> read(const std::string& text) {
  const tests::TempFolder folder;
  folder.write("adapter_config.json", tests::bytes_of(text));
  return read_adapter_config(*source::locate(folder.string()));
}

std::string with(const std::string& members) {
  return R"({"peft_type": "LORA", "r": 8, "lora_alpha": 16)" + members + "}";
}

TEST(AdapterConfig, AFolderWithoutOneHasNone) {
  const tests::TempFolder folder;
  const auto config = read_adapter_config(*source::locate(folder.string()));
  ASSERT_TRUE(config);
  EXPECT_FALSE(*config);
}

TEST(AdapterConfig, ReadsWhatPeftWrites) {
  const auto config = read(with(R"(, "base_model_name_or_path": "org/base", "use_rslora": true,
      "use_dora": true, "fan_in_fan_out": true, "rank_pattern": {"q_proj": 4}, "lora_bias": false,
      "layer_replication": null, "init_lora_weights": true, "alpha_pattern": {})"));
  ASSERT_TRUE(config) << config.error().to_string();
  const AdapterConfig& read = **config;
  EXPECT_EQ(read.base_model, "org/base");
  EXPECT_TRUE(read.weight_decomposed);
  EXPECT_TRUE(read.fan_in_fan_out);
  EXPECT_EQ(read.not_applied, "");
  EXPECT_EQ(read.rank_of("layers.0.q_proj"), 4);
  EXPECT_EQ(read.scale_of("layers.0.q_proj"), 8) << "16 / sqrt(4)";
}

TEST(AdapterConfig, NamesWhatItCannotApply) {
  const std::pair<std::string, const char*> cases[] = {
      {R"({"peft_type": "IA3"})", "\"IA3\""},
      {R"({})", "the type \"\""},
      {with(R"(, "init_lora_weights": "PiSSA_niter_4")"), "\"pissa\" changes the base"},
      {with(R"(, "layer_replication": [[0, 2], [1, 3]])"), "layer_replication"},
      {with(R"(, "target_parameters": ["mlp.experts.down_proj"])"), "target_parameters"},
      {with(R"(, "rank_pattern": {"^model.layers.[0-3].q_proj": 4})"), "regular expression"},
  };
  for (const auto& [text, words] : cases) {
    const auto config = read(text);
    ASSERT_TRUE(config) << text;
    EXPECT_THAT((*config)->not_applied, HasSubstr(words));
  }
}

TEST(AdapterConfig, RefusesNumbersThatAreNone) {
  for (const char* text :
       {R"({"peft_type": "LORA"})", R"({"peft_type": "LORA", "r": 0, "lora_alpha": 1})",
        R"({"peft_type": "LORA", "r": "8", "lora_alpha": 1})",
        R"({"peft_type": "LORA", "r": 8, "lora_alpha": 1, "rank_pattern": {"q": -1}})",
        R"({"peft_type": "LORA", "r": 8, "lora_alpha": 1, "alpha_pattern": [1]})", "[]", "{"}) {
    const auto config = read(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, ErrorCode::malformed) << text;
  }
}

}  // namespace
}  // namespace prov::model
