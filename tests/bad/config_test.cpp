// Hostile config.json texts. Files whose name begins with "ok_" are odd but readable; the others
// are errors.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "model/config/config_facts.hpp"
#include "signals/mfi.hpp"

namespace prov {
namespace {

std::map<std::string, std::string> read_files() {
  std::map<std::string, std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(PROV_REPOSITORY "/tests/bad/config")) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    files.emplace(entry.path().stem().string(), text.str());
  }
  return files;
}

/// A heap block of exactly the text's length, so that AddressSanitizer sees one byte too many.
Result<model::ConfigFacts> read_exactly(const std::string& text) {
  const std::vector<char> bytes(text.begin(), text.end());
  return model::read_config_facts(std::string_view(bytes.data(), bytes.size()), "config.json");
}

TEST(BadConfig, EveryFileGivesAnErrorOrFacts) {
  const auto files = read_files();
  ASSERT_GE(files.size(), 25u);
  for (const auto& [name, text] : files) {
    const auto facts = read_exactly(text);
    EXPECT_EQ(facts.has_value(), name.starts_with("ok_")) << name;
    if (facts) {
      EXPECT_EQ(signals::extract_mfi(*facts, {}).arch_hash.size(), 64u) << name;
    } else {
      EXPECT_EQ(facts.error().code, ErrorCode::malformed) << name;
      EXPECT_EQ(facts.error().file, "config.json") << name;
    }
  }
}

TEST(BadConfig, ErrorsNameThePlace) {
  const auto files = read_files();
  EXPECT_EQ(read_exactly(files.at("trailing_comma")).error().offset, 24u);
  EXPECT_NE(read_exactly(files.at("deep_array")).error().message.find("deeper than 100"),
            std::string::npos);
  EXPECT_NE(read_exactly(files.at("array")).error().message.find("object"), std::string::npos);
}

TEST(BadConfig, NumbersThatDoNotFitAreNoted) {
  const auto files = read_files();
  for (const char* name : {"ok_huge_numbers", "ok_special_numbers", "ok_wrong_types"}) {
    const auto facts = read_exactly(files.at(name));
    ASSERT_TRUE(facts) << name;
    EXPECT_EQ(facts->hidden_size, 0) << name;
    EXPECT_GE(facts->notes.size(), 3u) << name;
  }
}

TEST(BadConfig, EveryPrefixOfAGoodConfigIsRefused) {
  const std::string text =
      R"({"model_type": "llama", "architectures": ["A\u00e9\n"], "rope_scaling": {"factor": -1.5e3}})";
  ASSERT_TRUE(read_exactly(text));
  for (std::size_t length = 0; length < text.size(); ++length)
    EXPECT_FALSE(read_exactly(text.substr(0, length))) << length;
}

TEST(BadConfig, ALargeFileIsRefusedUnread) {
  const std::string text(model::kMaxConfigBytes + 1, ' ');
  EXPECT_EQ(read_exactly(text).error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace prov
