#include "base/white_space.hpp"

#include <gtest/gtest.h>

namespace prov::base {
namespace {

TEST(Trimmed, DropsWhatIsAtTheEndsAndNothingElse) {
  EXPECT_EQ(trimmed(" \t\v a \n b\r\f\n"), "a \n b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(" \n "), "");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed("' a '", "'"), " a ");
}

}  // namespace
}  // namespace prov::base
