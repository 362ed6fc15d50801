#include "base/text_table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace prov::base {
namespace {

TEST(TextTable, FindsWhatWasInserted) {
  TextTable table;
  EXPECT_TRUE(table.insert("a", 1));
  EXPECT_TRUE(table.insert("", 2));
  EXPECT_EQ(table.find("a"), 1u);
  EXPECT_EQ(table.find(""), 2u);
  EXPECT_EQ(table.find("b"), std::nullopt);
  EXPECT_EQ(table.size(), 2u);
}

TEST(TextTable, TheLastValueCounts) {
  TextTable table;
  table.insert("a", 1);
  EXPECT_FALSE(table.insert("a", 7));
  EXPECT_EQ(table.find("a"), 7u);
  EXPECT_EQ(table.size(), 1u);
}

TEST(TextTable, GrowsFarBeyondWhatWasExpected) {
  std::vector<std::string> texts;
  for (int i = 0; i < 5000; ++i) texts.push_back(std::to_string(i));
  TextTable table(3);
  for (std::uint32_t i = 0; i < texts.size(); ++i) table.insert(texts[i], i);
  for (std::uint32_t i = 0; i < texts.size(); ++i) ASSERT_EQ(table.find(texts[i]), i);
  EXPECT_FALSE(table.contains("5000"));
}

TEST(PairTable, KeepsTheLastValueOfAPair) {
  PairTable table;
  for (std::uint32_t i = 0; i < 1000; ++i) EXPECT_TRUE(table.insert(i, i + 1, {i, i * 2}));
  EXPECT_FALSE(table.insert(7, 8, {9999, 5}));
  EXPECT_EQ(table.find(7, 8)->rank, 9999u);
  EXPECT_EQ(table.find(999, 1000)->id, 1998u);
  EXPECT_EQ(table.find(8, 7), nullptr);
}

}  // namespace
}  // namespace prov::base
