#include "numeric/float_text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace prov::numeric {
namespace {

// Values of Python 3.12: repr(x).
TEST(FloatText, IsPythonsRepr) {
  EXPECT_EQ(shortest_float_text(0.0), "0.0");
  EXPECT_EQ(shortest_float_text(-0.0), "-0.0");
  EXPECT_EQ(shortest_float_text(500000.0), "500000.0");
  EXPECT_EQ(shortest_float_text(0.1), "0.1");
  EXPECT_EQ(shortest_float_text(1e-4), "0.0001");
  EXPECT_EQ(shortest_float_text(1e-5), "1e-05");
  EXPECT_EQ(shortest_float_text(1.5e-7), "1.5e-07");
  EXPECT_EQ(shortest_float_text(1e15), "1000000000000000.0");
  EXPECT_EQ(shortest_float_text(9007199254740993.0), "9007199254740992.0");
  EXPECT_EQ(shortest_float_text(1e16), "1e+16");
  EXPECT_EQ(shortest_float_text(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(shortest_float_text(std::numeric_limits<double>::infinity()), "inf");
}

}  // namespace
}  // namespace prov::numeric
