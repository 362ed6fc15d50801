#include "signals/script_distribution.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace prov::signals {
namespace {

using testing::ElementsAre;
using testing::Pair;

// Vectors of the kit's specification, section 4.2.
TEST(ScriptDistribution, CountsLettersByScript) {
  EXPECT_THAT(script_distribution({"hello", "world"}), ElementsAre(Pair(Script::latin, 1.0)));
  EXPECT_THAT(script_distribution({"hello", "\u4e2d\u6587"}),
              ElementsAre(Pair(Script::latin, 0.7143), Pair(Script::cjk, 0.2857)));
  EXPECT_THAT(
      script_distribution({"\u0120the", "\u2581of", "\u043f\u0440\u0438\u0432\u0435\u0442",
                           "\ud55c\uae00", "\u30a2", "\u00df", "\u00b5", "\u00aa", "12", "\u03b1"}),
      ElementsAre(Pair(Script::latin, 0.3684), Pair(Script::cyrillic, 0.3158),
                  Pair(Script::cjk, 0.1579), Pair(Script::other, 0.1579)));
  EXPECT_THAT(
      script_distribution({"\u0928\u092e\u0938\u094d\u0924\u0947", "\u0633\u0644\u0627\u0645"}),
      ElementsAre(Pair(Script::devanagari, 0.5), Pair(Script::arabic, 0.5)));
}

TEST(ScriptDistribution, WithoutLettersItIsEmpty) {
  EXPECT_TRUE(script_distribution({}).empty());
  EXPECT_TRUE(script_distribution({"123", "!!!", "\xff\xfe"}).empty());
}

TEST(ScriptDistribution, RangesAscend) {
  for (std::size_t i = 1; i < script_ranges.size(); ++i) {
    ASSERT_LT(script_ranges[i - 1].last, script_ranges[i].first);
    ASSERT_LE(script_ranges[i].first, script_ranges[i].last);
  }
  EXPECT_EQ(classify_script(0x10FFFF), std::nullopt);
  EXPECT_EQ(classify_script('A' - 1), std::nullopt);
  EXPECT_EQ(classify_script('z'), Script::latin);
}

}  // namespace
}  // namespace prov::signals
