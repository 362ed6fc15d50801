#include "parity/golden_tokenizers.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

#include "signals/tfv.hpp"
#include "source/snapshot.hpp"

namespace prov::tests {
namespace {

nlohmann::json id_or_null(const std::optional<std::int64_t>& id) {
  return id ? nlohmann::json(*id) : nlohmann::json();
}

std::string text_or_empty(const nlohmann::json& object, const char* key) {
  return object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : "";
}

/// `result` or the test ends here, saying why.
template <class T>
T require(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().to_string());
  return *std::move(result);
}

}  // namespace

nlohmann::json golden_models(const std::string& file) {
  std::ifstream stream(file);
  return nlohmann::json::parse(stream).at("models");
}

model::KitTokenizer kit_tokenizer(const std::string& folder) {
  const auto snapshot = require(source::locate(folder));
  std::ifstream stream(folder + "/config.json");
  const auto config = nlohmann::json::parse(stream, nullptr, false);
  const auto files = require(model::read_tokenizer(snapshot));
  auto kit = require(model::build_kit_tokenizer(
      snapshot, files,
      {text_or_empty(config, "model_type"), text_or_empty(config, "tokenizer_class")}));
  if (!kit) throw std::runtime_error(folder + ": no tokenizer");
  return *std::move(kit);
}

void expect_golden_tokenizer(const std::string& name, const model::KitTokenizer& tokenizer,
                             const nlohmann::json& golden) {
  SCOPED_TRACE(name);
  const auto& tfv = golden.at("tfv");
  const auto features = signals::extract_tokenizer_features(tokenizer);
  EXPECT_EQ(nlohmann::json(tokenizer.hash), golden.at("mfi").at("tokenizer_hash"));
  EXPECT_EQ(nlohmann::json(features.tokenizer_class), tfv.at("tokenizer_class"));
  EXPECT_EQ(nlohmann::json(features.vocab_size), tfv.at("vocab_size"));
  EXPECT_EQ(id_or_null(features.bos_token_id), tfv.at("bos_token_id"));
  EXPECT_EQ(id_or_null(features.eos_token_id), tfv.at("eos_token_id"));
  EXPECT_EQ(id_or_null(features.pad_token_id), tfv.at("pad_token_id"));
  EXPECT_EQ(id_or_null(features.num_added_tokens), tfv.at("num_added_tokens"));
  EXPECT_EQ(id_or_null(features.num_special_tokens), tfv.at("num_special_tokens"));
  EXPECT_EQ(nlohmann::json(features.num_merges), tfv.at("num_merges"));
  EXPECT_EQ(nlohmann::json(features.first_merges), tfv.at("first_5_merges"));
  EXPECT_EQ(nlohmann::json(features.merge_rule_hash), tfv.at("merge_rule_hash"));
  const auto all_merges =
      tfv.at("num_merges") == 0 ? nlohmann::json("") : tfv.at("all_merges_sha256");
  EXPECT_EQ(nlohmann::json(features.all_merges_hash), all_merges);
  EXPECT_EQ(id_or_null(features.pad_token_id), tfv.at("special_token_ids").at("pad"));
  EXPECT_EQ(id_or_null(features.unk_token_id), tfv.at("special_token_ids").at("unk"));
  EXPECT_EQ(id_or_null(features.mask_token_id), tfv.at("special_token_ids").at("mask"));
  EXPECT_EQ(features.single_character_share, tfv.at("pct_single_char").get<double>());
  EXPECT_EQ(features.average_length, tfv.at("avg_token_length").get<double>());
  EXPECT_EQ(id_or_null(features.longest), tfv.at("max_token_length"));
  EXPECT_EQ(features.space_prefix_share, tfv.at("pct_whitespace_prefix").get<double>());
  EXPECT_EQ(features.byte_share, tfv.at("pct_byte_tokens").get<double>());
  nlohmann::json scripts =
      nlohmann::json::object();  // ties come in random order from the kit: compared without order
  for (const auto& [script, share] : features.scripts) scripts[script] = share;
  EXPECT_EQ(scripts, tfv.at("script_distribution"));
}

}  // namespace prov::tests
