#include "model/json_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace prov::model {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(JsonText, GivesTheTextsOfAnObject) {
  EXPECT_THAT(*parse_json_texts(R"({"b": "x", "n": 1, "a": "\u00e9", "o": {"a": "no"}})", "f"),
              ElementsAre(Pair("a", "\xc3\xa9"), Pair("b", "x")));
  EXPECT_TRUE(parse_json_texts("{}", "f")->empty());
}

TEST(JsonText, OfDuplicateKeysTheLastOneCounts) {
  EXPECT_THAT(*parse_json_texts(R"({"a": "x", "a": "y"})", "f"), ElementsAre(Pair("a", "y")));
  EXPECT_TRUE(parse_json_texts(R"({"a": "x", "a": 1})", "f")->empty());
}

TEST(JsonText, ReadsWhatOnlyPythonWrites) {
  for (const char* number : {"NaN", "-Infinity", "123456789012345678901234567890"}) {
    const std::string text = std::string(R"({"a": "x", "b": [)") + number + "]}";
    const auto texts = parse_json_texts(text, "f");
    ASSERT_TRUE(texts.has_value()) << text;
    EXPECT_THAT(*texts, ElementsAre(Pair("a", "x"))) << text;
  }
}

TEST(JsonText, TheFastAndTheExactReaderRefuseTheSame) {
  const std::string deep = "{\"a\": " + std::string(150, '[') + std::string(150, ']') + "}";
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("{"), std::string("\"a\""),
        std::string("{\"a\": \"\xff\"}"), std::string("{} x"), deep}) {
    EXPECT_EQ(parse_json_texts(text, "f").has_value(), false) << text;
    const Result<nlohmann::json> whole = parse_json_text(text, "f");
    EXPECT_FALSE(whole && whole->is_object()) << text;
  }
}

}  // namespace
}  // namespace prov::model
