#include "report/number_text.hpp"

#include <gtest/gtest.h>

namespace prov::report {
namespace {

TEST(NumberText, FixedRoundsTheBinaryValueTiesToEven) {
  EXPECT_EQ(fixed(0.03125, 4), "0.0312");
  EXPECT_EQ(fixed(0.00005, 4), "0.0001");
  EXPECT_EQ(fixed(0.00015, 4), "0.0001");
  EXPECT_EQ(fixed(0.99995, 4), "1.0000");
  EXPECT_EQ(fixed(std::nullopt, 4), "N/A");
}

TEST(NumberText, SignificantNeverShowsASmallNumberAsZero) {
  EXPECT_EQ(significant(0.00001234, 4), "1.234e-05");
  EXPECT_EQ(significant(303.2, 6), "303.2");
  EXPECT_EQ(significant(std::nullopt, 6), "N/A");
}

TEST(NumberText, GroupsAndUnits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(18446744073709551615u), "18,446,744,073,709,551,615");
  EXPECT_EQ(byte_size(1023), "1023 B");
  EXPECT_EQ(byte_size(1536), "1.5 KiB");
  EXPECT_EQ(byte_size(1024 * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(byte_size(18446744073709551615u), "16.0 EiB");
}

}  // namespace
}  // namespace prov::report
