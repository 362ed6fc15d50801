#include "model/kit_tokenizer/kit_class.hpp"

#include <gtest/gtest.h>

#include <string>

namespace prov::model {
namespace {

std::string resolve(std::string_view model_type, std::string_view written = "",
                    std::string_view config = "") {
  return resolve_class({.model_type = model_type, .written = written, .config_written = config})
      .name;
}

TEST(KitClass, AClassThatDiffersFromTheModelsIsReplaced) {
  EXPECT_EQ(resolve("qwen2", "LlamaTokenizerFast"), "TokenizersBackend");
  EXPECT_EQ(resolve("qwen2", "Qwen2TokenizerFast"), "Qwen2Tokenizer");
  EXPECT_EQ(resolve("mistral", "LlamaTokenizer"), "TokenizersBackend");
}

TEST(KitClass, ATypeWithoutAClassTakesTheWrittenOne) {
  EXPECT_EQ(resolve("llama", "LlamaTokenizerFast"), "LlamaTokenizer");
  EXPECT_EQ(resolve("llama", "BartTokenizer"), "RobertaTokenizer");  // an alias
  EXPECT_EQ(resolve("llama", "NoSuchTokenizer"), "TokenizersBackend");
  EXPECT_EQ(resolve("llama", "PreTrainedTokenizerFast"), "TokenizersBackend");
}

TEST(KitClass, WithoutAWrittenClassTheConfigurationDecides) {
  EXPECT_EQ(resolve("llama", "", "GPT2TokenizerFast"), "GPT2Tokenizer");
  EXPECT_EQ(resolve("llama"),
            "CodeLlamaTokenizer");  // shares its configuration class with code_llama
  EXPECT_EQ(resolve("qwen3"), "Qwen2Tokenizer");
  EXPECT_EQ(resolve("no such type"), "TokenizersBackend");
}

TEST(KitClass, SomeTypesAreAlwaysGeneric) {
  EXPECT_EQ(resolve("phi3", "LlamaTokenizer"), "TokenizersBackend");
  EXPECT_EQ(resolve("internlm2", "InternLM2Tokenizer"), "TokenizersBackend");
}

TEST(KitClass, PythonClassesHaveNoBackend) {
  EXPECT_FALSE(resolve_class({.model_type = "canine"}).has_backend);
  EXPECT_TRUE(resolve_class({.model_type = "bert"}).has_backend);
}

}  // namespace
}  // namespace prov::model
