#include "model/config/config_facts.hpp"

#include <gmock/gmock.h>

namespace prov::model {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

ConfigFacts read(std::string_view text) {
  auto facts = read_config_facts(text, "config.json");
  EXPECT_TRUE(facts) << facts.error().to_string();
  return facts ? *std::move(facts) : ConfigFacts{};
}

TEST(ConfigFacts, TheLastOfDuplicateKeysCounts) {
  const ConfigFacts facts =
      read(R"({"model_type": "bert", "model_type": "llama", "architectures": [],
                                     "hidden_size": 1, "hidden_size": 64})");
  EXPECT_EQ(facts.model_type, "llama");
  EXPECT_EQ(facts.hidden_size, 64);
  EXPECT_THAT(facts.notes, IsEmpty());
}

TEST(ConfigFacts, PythonsSpecialNumbersAreRead) {
  const ConfigFacts facts = read(R"({"model_type": "mamba2", "architectures": ["Infinity", "\"NaN"],
                                     "time_step_limit": [0.0, Infinity], "hidden_size": NaN})");
  EXPECT_EQ(facts.architectures[0], "Infinity");
  EXPECT_EQ(facts.architectures[1], "\"NaN");
  EXPECT_EQ(facts.hidden_size, 0);
  EXPECT_THAT(facts.notes, Contains(HasSubstr("hidden_size")));
}

TEST(ConfigFacts, UnknownTypesAreReadAsTheyStand) {
  const ConfigFacts facts =
      read(R"({"model_type": "chatglm", "architectures": ["ChatGLMModel"], "hidden_size": 4096,
               "num_attention_heads": 32, "rope_theta": 1000000, "rope_scaling": {"type": "dynamic"}})");
  EXPECT_EQ(facts.hidden_size, 4096);
  EXPECT_EQ(facts.num_hidden_layers, 0);
  EXPECT_EQ(std::get<std::int64_t>(*facts.rope_theta), 1000000);
  EXPECT_EQ(facts.pos_encoding, "RoPE");
  EXPECT_EQ(facts.rope_scaling_type, "dynamic");
  EXPECT_THAT(facts.notes, Contains(HasSubstr("chatglm")));
}

TEST(ConfigFacts, UnknownTypesMayHoldATextModel) {
  const ConfigFacts facts = read(
      R"({"model_type": "new_vl", "architectures": ["N"], "text_config": {"model_type": "llama", "hidden_size": 64}})");
  EXPECT_EQ(facts.model_type, "new_vl");
  EXPECT_EQ(facts.hidden_size, 64);
  EXPECT_EQ(facts.num_hidden_layers, 32);
}

TEST(ConfigFacts, ControlCharactersDoNotReachTheNotes) {
  const ConfigFacts facts = read(R"({"model_type": "\u001b[31m", "architectures": []})");
  EXPECT_THAT(facts.notes, Contains(HasSubstr("\\u{1b}")));
}

TEST(ConfigFacts, TheTokenizerClassIsTheFilesOwn) {
  EXPECT_EQ(read(R"({"model_type": "llama", "architectures": [], "tokenizer_class": "T"})")
                .tokenizer_class,
            "T");
  EXPECT_EQ(read(R"({"model_type": "llama", "architectures": []})").tokenizer_class, "");
}

}  // namespace
}  // namespace prov::model
