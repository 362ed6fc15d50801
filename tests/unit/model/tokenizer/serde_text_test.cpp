#include "model/tokenizer/serde_text.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace prov::model {
namespace {

std::string written(double value) {
  std::string text;
  append_json_float(text, value);
  return text;
}

TEST(SerdeText, FloatsAsTheRyuCrateWritesThem) {
  EXPECT_EQ(written(0.0), "0.0");
  EXPECT_EQ(written(-0.0), "-0.0");
  EXPECT_EQ(written(-3.0), "-3.0");
  EXPECT_EQ(written(0.1), "0.1");
  EXPECT_EQ(written(123456789.125), "123456789.125");
  EXPECT_EQ(written(1e15), "1000000000000000.0");
  EXPECT_EQ(written(1e16), "1e16");
  EXPECT_EQ(written(1.5e300), "1.5e300");
  EXPECT_EQ(written(0.00001), "0.00001");
  EXPECT_EQ(written(0.000001), "1e-6");
  EXPECT_EQ(written(-1.25e-7), "-1.25e-7");
}

// Texts and results read back from tokenizers 0.22.2.
TEST(SerdeText, FloatsAreReadAnUlpOffWhereTheLibraryIs) {
  EXPECT_EQ(read_json_float("-12.100000000000001"), -12.1);
  EXPECT_EQ(read_json_float("-3.4312195777893066"), -3.431219577789306);
  EXPECT_EQ(read_json_float("123456789.12345679"), 123456789.1234568);
  EXPECT_EQ(read_json_float("-1.2345678901234567"), -1.2345678901234567);
}

TEST(SerdeText, FloatsOfAnyShape) {
  EXPECT_EQ(read_json_float("0"), 0.0);
  EXPECT_EQ(read_json_float("-1e22"), -1e22);
  EXPECT_EQ(read_json_float("1E+2"), 100.0);
  EXPECT_EQ(read_json_float("25e-1"), 2.5);
  EXPECT_EQ(read_json_float("1e-400"), 0.0);
  EXPECT_EQ(read_json_float("99999999999999999999"), 1e20);
  EXPECT_EQ(read_json_float("1e999999999999999999999"), HUGE_VAL);
}

TEST(SerdeText, OnlyWhatMustBeEscapedIs) {
  std::string text;
  append_json_string(text, "a\"b\\c\n\t\x01\x7f/\xC3\xA9");
  EXPECT_EQ(text, "\"a\\\"b\\\\c\\n\\t\\u0001\x7f/\xC3\xA9\"");
}

}  // namespace
}  // namespace prov::model
