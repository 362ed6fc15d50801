#include "report/text_layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace prov::report {
namespace {

using testing::ElementsAre;

TEST(TextLayout, CountsColumnsAsATerminalDoes) {
  EXPECT_EQ(display_width("plain"), 5u);
  EXPECT_EQ(display_width("caf\xc3\xa9"), 4u);
  EXPECT_EQ(display_width("cafe\xcc\x81"), 4u);              // e and a combining acute
  EXPECT_EQ(display_width("\xe6\xa8\xa1\xe5\x9e\x8b"), 4u);  // two ideographs
  EXPECT_EQ(display_width("\xf0\x9f\x98\x80"), 2u);          // emoji
  EXPECT_EQ(display_width("\xef\xbd\xb1"), 1u);              // half-width katakana
  EXPECT_EQ(display_width("a\xe2\x80\x8b"), 1u);             // zero-width space
}

TEST(TextLayout, WrapsAtSpacesAndBreaksLongWords) {
  EXPECT_THAT(wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("one two three", 8), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("abcdefgh ij", 3), ElementsAre("abc", "def", "gh", "ij"));
  EXPECT_THAT(wrap("", 5), ElementsAre(""));
  EXPECT_THAT(wrap("ends ", 4), ElementsAre("ends"));
}

TEST(TextLayout, NeverSplitsACharacter) {
  EXPECT_THAT(wrap("\xe6\xa8\xa1\xe5\x9e\x8b", 3), ElementsAre("\xe6\xa8\xa1", "\xe5\x9e\x8b"));
  EXPECT_THAT(wrap("e\xcc\x81z", 2), ElementsAre("e\xcc\x81z"));
}

TEST(TextLayout, EndsEvenWhereNothingFits) {
  EXPECT_THAT(wrap("\xe6\xa8\xa1\xe6\xa8\xa1", 2), ElementsAre("\xe6\xa8\xa1", "\xe6\xa8\xa1"));
  EXPECT_THAT(wrap("   a", 2), ElementsAre("", "a"));
}

TEST(TextLayout, PadsToColumnsNotToBytes) {
  EXPECT_EQ(pad("\xe6\xa8\xa1", 4, false), "\xe6\xa8\xa1  ");
  EXPECT_EQ(pad("\xe6\xa8\xa1", 4, true), "  \xe6\xa8\xa1");
  EXPECT_EQ(pad("longer", 3, true), "longer");
}

}  // namespace
}  // namespace prov::report
