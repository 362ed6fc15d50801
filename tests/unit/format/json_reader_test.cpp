#include "format/json_reader.hpp"

#include <gtest/gtest.h>

#include "support/checkpoint_builder.hpp"

namespace prov::format {
namespace {

/// Reads `text` at byte 3 of a file that ends with it, and skips over everything.
Result<void> skip_all(std::string_view text) {
  const auto source = source::from_memory("file", tests::bytes_of("..." + std::string(text)));
  return read_json_object(*source, 3, text.size(),
                          [](std::string_view, JsonValue& value) { return value.skip(); });
}

TEST(JsonReader, AcceptsEveryKindOfValueAndWhiteSpaceAround) {
  for (std::string_view text : {
           "{}",
           " \t\r\n{ } \n",
           R"({"a":[1,-2.5e3,true,false,null,"\u00e9\ud83d\ude00",{"a":{}},[]],"b":""})",
           R"({"":0})",
       }) {
    EXPECT_TRUE(skip_all(text)) << text;
  }
}

TEST(JsonReader, RefusesWhatIsNotExactlyOneObject) {
  using namespace std::string_view_literals;
  for (std::string_view text : {
           ""sv,
           " "sv,
           "{"sv,
           "}"sv,
           "[]"sv,
           "1"sv,
           "null"sv,
           "{}{}"sv,
           "{} x"sv,
           "{}]"sv,
           "{},"sv,
           "{\"a\"}"sv,
           "{\"a\":}"sv,
           "{\"a\":1,}"sv,
           "{,}"sv,
           "{\"a\":1 \"b\":2}"sv,
           "{\"a\" 1}"sv,
           "{a:1}"sv,
           "{'a':1}"sv,
           "{\"a\":[1,]}"sv,
           "{\"a\":[1 2]}"sv,
           "{\"a\":[,]}"sv,
           "{\"a\":[1}"sv,
           "{\"a\":tru}"sv,
           "{\"a\":truex}"sv,
           "{\"a\":nul}"sv,
           "{\"a\":NaN}"sv,
           "{\"a\":01}"sv,
           "{\"a\":+1}"sv,
           "{\"a\":.5}"sv,
           "{\"a\":1.}"sv,
           "{\"a\":1e}"sv,
           "{\"a\":0x1}"sv,
           "{\"a\":-}"sv,
           "{\"a\":\"\\x\"}"sv,
           "{\"a\":\"\n\"}"sv,
           "{\"a\":\"\0\"}"sv,
           "{\"a\":\"x}"sv,
           "{\"a\":/**/1}"sv,
           "\xef\xbb\xbf{}"sv,
           "{\"a\":1}\0"sv,
           "{\"a\":1e999}"sv,
       }) {
    const auto refused = skip_all(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(Result<void>(refused).error().code, ErrorCode::malformed) << text;
  }
}

TEST(JsonReader, RefusesKeysThatComeTwiceHoweverSpelled) {
  for (std::string_view text :
       {R"({"a":1,"a":1})", R"({"a":1,"\u0061":2})", R"({"x":{"b":1,"c":2,"b":3}})"}) {
    auto refused = skip_all(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::duplicate) << text;
  }
  auto refused = skip_all(R"({"x":{"b":1,"b":3}})");
  EXPECT_EQ(refused.error().field, "b");
  EXPECT_EQ(refused.error().offset, 3u + 12);
  EXPECT_EQ(refused.error().file, "file");
}

TEST(JsonReader, RefusesTextThatIsNotUnicode) {
  auto invalid = skip_all("{\"a\":\"\xff\"}");
  ASSERT_FALSE(invalid);
  EXPECT_EQ(invalid.error().message, "not UTF-8");
  EXPECT_EQ(invalid.error().offset, 3u + 6);
  for (std::string_view text : {R"({"a":"\ud800"})", R"({"a":"\udc00"})", R"({"a":"\ud800x"})",
                                R"({"\udc00":1})", R"({"a":"\ud800\ud800"})"}) {
    auto refused = skip_all(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::malformed);
  }
}

TEST(JsonReader, BoundsTheDepth) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_TRUE(skip_all(nested(30)));
  auto refused = skip_all(nested(100));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::too_large);
  EXPECT_FALSE(skip_all(nested(100'000)));
}

TEST(JsonReader, ReadsWholeNumbersOfPlainDigitsOnly) {
  const auto read = [](std::string_view number) {
    const std::string text = "{\"a\":" + std::string(number) + "}";
    const auto source = source::from_memory("file", tests::bytes_of(text));
    std::optional<std::uint64_t> value;
    const auto result = read_json_object(*source, 0, text.size(),
                                         [&](std::string_view, JsonValue& json) -> Result<void> {
                                           auto parsed = json.whole_number();
                                           if (!parsed) return std::move(parsed).error();
                                           value = *parsed;
                                           return {};
                                         });
    return result ? value : std::nullopt;
  };
  EXPECT_EQ(read("0"), 0u);
  EXPECT_EQ(read("18446744073709551615"), ~std::uint64_t{0});
  for (std::string_view number :
       {"18446744073709551616", "-1", "-0", "1.0", "1e3", "1E0", "00", "01", "\"1\"", "true",
        "null", "[1]", "99999999999999999999999", "1 2", "0x1", "1_0"}) {
    EXPECT_FALSE(read(number)) << number;
  }
}

}  // namespace
}  // namespace prov::format
