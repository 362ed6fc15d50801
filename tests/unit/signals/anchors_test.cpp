#include "signals/anchors.hpp"

#include <gtest/gtest.h>

#include <set>

#include "signals/anchor_table.hpp"

namespace prov::signals {
namespace {

/// A tokenizer that has one id for each anchor text, and filler words of these scripts' letters.
model::KitTokenizer tokenizer_of(const std::vector<std::pair<std::string, int>>& filler) {
  model::KitTokenizer kit;
  model::Tokenizer& tokenizer = kit.backend;
  tokenizer.model = model::TokenizerModel::wordlevel;
  const auto add = [&](std::string_view text) {
    tokenizer.vocabulary.emplace_back(text,
                                      static_cast<std::uint32_t>(tokenizer.vocabulary.size()));
  };
  for (std::string_view text : punctuation_anchors()) add(text);
  for (Script script :
       {Script::latin, Script::cjk, Script::cyrillic, Script::arabic, Script::devanagari}) {
    for (std::string_view text : script_anchors(script)) add(text);
  }
  for (const auto& [letter, count] : filler) {
    std::string word;
    for (int i = 0; i < count; ++i) word += letter;
    add(word);
  }
  return kit;
}

// The allocations of the kit's specification, section 6.3.2: 16 marks, then words by share, then
// random rows.
TEST(Anchors, WordsAreSharedOutByScript) {
  const auto both = select_anchors(nullptr, 0, 64);
  EXPECT_TRUE(both.empty());
  const auto kit = tokenizer_of({{"a", 7000}, {"\u4e00\u4e00", 1500}});  // Latin 0.7, CJK 0.3
  const auto anchors = select_anchors(&kit, 50000, 64);
  ASSERT_EQ(anchors.size(), 64u);
  for (std::uint32_t i = 0; i < 16 + 24 + 12; ++i) EXPECT_EQ(anchors[i], i);  // both lists run out
}

TEST(Anchors, FiveScriptsFillAllPlaces) {
  const auto kit = tokenizer_of(
      {{"a", 40000}, {"\u4e00", 20000}, {"\u0431", 15100}, {"\u0628", 15000}, {"\u0905", 10000}});
  const auto anchors = select_anchors(&kit, 50000, 64);
  std::vector<std::uint32_t> expected;
  const std::pair<std::uint32_t, std::uint32_t> ranges[] = {{0, 16}, {16, 19}, {40, 10},
                                                            {52, 7}, {60, 7},  {68, 5}};
  for (const auto& [first, count] : ranges) {
    for (std::uint32_t i = 0; i < count; ++i) expected.push_back(first + i);
  }
  EXPECT_EQ(anchors, expected);
}

TEST(Anchors, AreDistinctRowsAndNeverMoreThanAsked) {
  const auto kit = tokenizer_of({{"a", 10}});
  for (std::size_t count : {0u, 1u, 16u, 64u}) {
    for (std::uint64_t rows : {0u, 1u, 20u, 100u}) {
      const auto anchors = select_anchors(&kit, rows, count);
      EXPECT_EQ(anchors.size(), std::min<std::size_t>(count, rows));
      EXPECT_EQ(std::set(anchors.begin(), anchors.end()).size(), anchors.size());
      for (std::uint32_t id : anchors) EXPECT_LT(id, rows);
    }
  }
}

}  // namespace
}  // namespace prov::signals
