// Ids of the `tokenizers` library for short texts, under 48 pipelines and 6 models.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::tests {
namespace {

TEST(Encodings, ids_of_the_library) {
  std::ifstream stream(PROV_REPOSITORY "/tests/parity/data/encodings.json");
  const auto golden = nlohmann::json::parse(stream);
  const std::vector<std::string> texts = golden.at("texts");
  ASSERT_EQ(golden.at("cases").size(), 288u);
  for (const auto& entry : golden.at("cases")) {
    SCOPED_TRACE(entry.at(0).get<std::string>() + " " + entry.at(1).dump() + " " +
                 entry.at(2).dump());
    const nlohmann::json file = {{"added_tokens", golden.at("added_tokens")},
                                 {"normalizer", entry.at(1)},
                                 {"pre_tokenizer", entry.at(2)},
                                 {"model", golden.at("models").at(entry.at(0).get<std::string>())}};
    const auto tokenizer = model::parse_tokenizer_json(file.dump(), "tokenizer.json");
    ASSERT_TRUE(tokenizer) << tokenizer.error().to_string();
    const model::TextEncoder encoder(*tokenizer);
    EXPECT_TRUE(encoder.skipped().empty());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      EXPECT_EQ(nlohmann::json(encoder.encode(texts[i])), entry.at(3).at(i)) << texts[i];
    }
  }
}

}  // namespace
}  // namespace prov::tests
