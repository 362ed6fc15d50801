#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/tokenizer/tokenizer_files.hpp"
#include "source/snapshot.hpp"
#include "support/temp_folder.hpp"

namespace prov::model {
namespace {

using testing::ElementsAre;
using testing::Pair;

Result<std::optional<Tokenizer>> read(const tests::TempFolder& folder) {
  return read_tokenizer(*source::locate(folder.string()));
}

TEST(VocabFiles, NoFileIsNoError) {
  const tests::TempFolder folder;
  const auto tokenizer = read(folder);
  ASSERT_TRUE(tokenizer);
  EXPECT_FALSE(tokenizer->has_value());
}

TEST(VocabFiles, VocabularyAndMerges) {
  const tests::TempFolder folder;
  folder.write("vocab.json", R"({"b":1,"a":0,"ab":2})");
  folder.write("merges.txt", "#version: 0.2\r\na b\r\n\n");
  const Tokenizer tokenizer = read(folder)->value();
  EXPECT_THAT(tokenizer.vocabulary, ElementsAre(Pair("a", 0), Pair("b", 1), Pair("ab", 2)));
  EXPECT_THAT(tokenizer.merges, ElementsAre(Pair("a", "b")));
  EXPECT_EQ(TextEncoder(tokenizer).encode("ab"), std::vector<std::uint32_t>{2});
}

TEST(VocabFiles, ErrorsNameFileAndLine) {
  const tests::TempFolder folder;
  folder.write("vocab.json", R"({"a":0})");
  folder.write("merges.txt", "a\n");
  const auto tokenizer = read(folder);
  ASSERT_FALSE(tokenizer);
  EXPECT_EQ(tokenizer.error().file, "merges.txt");
  EXPECT_EQ(tokenizer.error().field, "line 1");
}

TEST(VocabFiles, VocabTxtCountsLines) {
  const tests::TempFolder folder;
  folder.write("vocab.txt", "[UNK]\nthe\n##s\n");
  const Tokenizer tokenizer = read(folder)->value();
  EXPECT_THAT(tokenizer.vocabulary, ElementsAre(Pair("[UNK]", 0), Pair("the", 1), Pair("##s", 2)));
  EXPECT_EQ(TextEncoder(tokenizer).encode("THES x"), (std::vector<std::uint32_t>{1, 2, 0}));
}

TEST(VocabFiles, TiktokenRanksAreRawBytes) {
  const tests::TempFolder folder;
  folder.write("tokenizer.model", "IQ== 0\n/w== 1\nYWI= 5\n");
  const Tokenizer tokenizer = read(folder)->value();
  EXPECT_EQ(tokenizer.format, TokenizerFormat::tiktoken);
  EXPECT_THAT(tokenizer.vocabulary, ElementsAre(Pair("!", 0), Pair("\xff", 1), Pair("ab", 5)));
  EXPECT_TRUE(TextEncoder(tokenizer).encode("ab").empty());
}

TEST(VocabFiles, TokenizerJsonComesFirst) {
  const tests::TempFolder folder;
  folder.write("vocab.txt", "a\n");
  folder.write("tokenizer.json",
               R"({"model":{"type":"WordLevel","vocab":{"x":0},"unk_token":"x"}})");
  EXPECT_EQ(read(folder)->value().model, TokenizerModel::wordlevel);
}

}  // namespace
}  // namespace prov::model
