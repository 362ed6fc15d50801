#include "store/json_lines.hpp"

#include <gtest/gtest.h>

#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

using test::ids;
using testing::ElementsAre;
using testing::HasSubstr;

class JsonLinesTest : public testing::Test {
 protected:
  Result<Transfer> import(std::string_view text, Existing existing = Existing::keep) {
    return import_json_lines(store_, folder_.write("records.jsonl", text), {.existing = existing});
  }
  tests::TempFolder folder_;
  Store store_ = test::open_store(folder_.path() / "models.db");
};

TEST_F(JsonLinesTest, ReadsEveryKey) {
  const Transfer transfer = *import(
      R"({"id": "o/a", "publisher": "o", "family": "f", "architecture": "A", "source": "s", "revision": "r",)"
      R"( "licence": "l", "metadata": {"b": [1, null]}, "signals": {"mfi": {"x": 1}}})"
      "\n\n"
      "{\"id\": \"o/b\", \"family\": null}\r\n"
      R"({"id": "o/\u00e9"})");
  EXPECT_EQ(transfer.added, 3U);
  EXPECT_EQ(transfer.damage_count, 0U);
  const Record a = **store_.find("o/a");
  EXPECT_EQ(a.publisher + a.family + a.architecture + a.source + a.revision + a.licence, "ofAsrl");
  EXPECT_EQ(a.metadata_json, R"({"b":[1,null]})");
  EXPECT_EQ(base::as_text(a.parts.at("signals")), R"({"mfi":{"x":1}})");
  EXPECT_FALSE(a.has_weights);
  EXPECT_TRUE(store_.find("o/\xc3\xa9")->has_value());
}

TEST_F(JsonLinesTest, LeavesOutWhatIsNoRecordAndNamesTheLine) {
  const Transfer transfer = *import(
      "{\"id\": \"a\"}\n[]\n{\"id\": 5}\n{\"name\": \"x\", \"id\": \"y\"}\n{\"publisher\": \"p\"}\n"
      "{\"id\": \"b\", \"metadata\": []}\nnonsense\n{\"id\": \"c\", \"content_key\": "
      "\"z\"}\n{\"id\": \"d\"}\n");
  EXPECT_THAT(ids(store_), ElementsAre("a", "d"));
  EXPECT_EQ(transfer.damage_count, 7U);
  EXPECT_EQ(transfer.damage[0].record, "line 2");
  EXPECT_EQ(transfer.damage[6].record, "line 8");
  EXPECT_THAT(transfer.damage[2].what, HasSubstr("unknown key"));
}

TEST_F(JsonLinesTest, OneRecordTwice) {
  const std::string text = "{\"id\": \"a\"}\n{\"id\": \"a\"}\n{\"id\": \"a\", \"family\": \"f\"}\n";
  const Transfer kept = *import(text);
  EXPECT_EQ(kept.added, 1U);
  EXPECT_EQ(kept.unchanged, 1U);
  EXPECT_THAT(kept.kept, ElementsAre("a"));
  EXPECT_EQ(import(text, Existing::replace)->replaced, 1U);
  EXPECT_EQ((*store_.find("a"))->family, "f");
}

TEST_F(JsonLinesTest, LinesAcrossTheChunksOfReading) {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text +=
        "{\"id\": \"" + std::to_string(i) + "\", \"source\": \"" + std::string(997, 's') + "\"}\n";
  ASSERT_GT(text.size(), 2'000'000U);
  EXPECT_EQ(import(text)->added, 3000U);
}

TEST_F(JsonLinesTest, AFileWithoutLines) {
  EXPECT_EQ(import("")->added, 0U);
  EXPECT_EQ(import(std::string(17 * 1024 * 1024, 'x')).error().code, ErrorCode::too_large);
  EXPECT_EQ(import_json_lines(store_, folder_.path() / "none", {}).error().code,
            ErrorCode::not_found);
}

}  // namespace
}  // namespace prov::store
