#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include "base/printable.hpp"

namespace prov::base {
namespace {

TEST(Utf8, AcceptsEveryLengthAndRefusesOverlongSurrogateAndTruncated) {
  EXPECT_EQ(find_invalid_utf8("a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80"), std::string_view::npos);
  EXPECT_EQ(find_invalid_utf8("a\xc0\xaf"), 1u);
  EXPECT_EQ(find_invalid_utf8("ab\xed\xa0\x80"), 2u);
  EXPECT_EQ(find_invalid_utf8("\xf4\x90\x80\x80"), 0u);
  EXPECT_EQ(find_invalid_utf8("\xe4\xb8"), 0u);
}

TEST(Utf8, CountsCodePointsAndEncodesWhatItDecodes) {
  std::string text;
  for (char32_t c : {U'a', U'\u00e9', U'\u4e2d', U'\U0001f600'}) append_utf8(text, c);
  EXPECT_EQ(text, "a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80");
  EXPECT_EQ(count_code_points(text), 4u);
}

TEST(Printable, EscapesWhatChangesATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\\u{1b}[31mb");
  EXPECT_EQ(printable("x\n\xe2\x80\xaey\xff"), "x\\u{a}\\u{202e}y\\xff");
  EXPECT_EQ(printable("caf\xc3\xa9"), "caf\xc3\xa9");
}

}  // namespace
}  // namespace prov::base
