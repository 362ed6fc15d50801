#include "forensics/declarations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/checkpoint_builder.hpp"

namespace prov::forensics {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

model::Model opened(const tests::TempFolder& folder) {
  auto model = model::open_model(folder.string());
  EXPECT_TRUE(model) << model.error().to_string();
  return *std::move(model);
}

TEST(ReadDeclarations, CollectsEveryClaimOfOrigin) {
  tests::TempFolder folder;
  folder.write("config.json", R"({"model_type": "llama", "_name_or_path": "org/Base-7B"})");
  folder.write("README.md",
               "---\nlicense: mit\nbase_model:\n- other/One\n- \"other/Two\"\ntags:\n- "
               "x\n---\nbase_model: not/this\n");
  const Declarations declarations = read_declarations(opened(folder));
  EXPECT_THAT(declarations.origins, ElementsAre("org/Base-7B", "other/One", "other/Two"));
  EXPECT_EQ(declarations.model_type, "llama");
  EXPECT_FALSE(declarations.adapter);
}

TEST(ReadDeclarations, ComparesTheConfigurationWithTheTensors) {
  tests::TempFolder folder;
  folder.write(
      "config.json",
      R"({"model_type": "llama", "hidden_size": 8, "num_hidden_layers": 2, "vocab_size": 5})");
  tests::Safetensors tensors;
  tensors.f32("model.embed_tokens.weight", {6, 4}, std::vector<float>(24));
  for (const char* layer : {"0", "1"}) {
    tensors.f32("model.layers." + std::string(layer) + ".mlp.down_proj.weight", {4, 3},
                std::vector<float>(12));
  }
  folder.write("model.safetensors", tensors.bytes());
  EXPECT_THAT(read_declarations(opened(folder)).contradictions,
              ElementsAre(HasSubstr("hidden_size 8, the tensors have 4"),
                          HasSubstr("vocab_size 5, the tensors have 6")));
}

TEST(ReadDeclarations, KnowsAnAdapter) {
  tests::TempFolder folder;
  folder.write("config.json", "{}");
  folder.write("adapter_config.json", R"({"base_model_name_or_path": "org/base"})");
  const Declarations declarations = read_declarations(opened(folder));
  EXPECT_TRUE(declarations.adapter);
  EXPECT_THAT(declarations.origins, ElementsAre("org/base"));
}

TEST(OriginName, IsTheLastPartInLowerCase) {
  EXPECT_EQ(origin_name("org/Llama-7B"), "llama-7b");
  EXPECT_EQ(origin_name("/some/where/Model/"), "model");
  EXPECT_EQ(origin_name(".."), "");
  EXPECT_EQ(origin_name(""), "");
}

}  // namespace
}  // namespace prov::forensics
