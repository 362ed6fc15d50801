#include "numeric/decode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace prov::numeric {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

template <class T>
std::vector<std::byte> stored(const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {bytes.begin(), bytes.end()};
}

template <class T>
std::vector<float> decoded(Decoder* decode, const std::vector<T>& values, std::size_t first = 0) {
  const auto bytes = stored(values);
  std::vector<float> out(values.size() - first);
  decode(bytes, first, out);
  return out;
}

/// The value of one byte.
float code(Decoder* decode, unsigned byte) {
  return decoded(decode, std::vector<std::uint8_t>{static_cast<std::uint8_t>(byte)})[0];
}

/// A float of 1 + exponent + mantissa bits from its definition, in double.
double defined(unsigned bits, unsigned exponent_bits, unsigned mantissa_bits, int bias) {
  const unsigned mantissa = bits & ((1u << mantissa_bits) - 1);
  const unsigned exponent = (bits >> mantissa_bits) & ((1u << exponent_bits) - 1);
  const double sign = (bits >> (mantissa_bits + exponent_bits)) & 1 ? -1.0 : 1.0;
  const double fraction = std::ldexp(mantissa, -static_cast<int>(mantissa_bits));
  if (exponent == 0) return sign * std::ldexp(fraction, 1 - bias);
  return sign * std::ldexp(1 + fraction, static_cast<int>(exponent) - bias);
}

TEST(Decode, Bf16IsTheUpperHalfOfF32) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto value =
        decoded(decode_bf16, std::vector<std::uint16_t>{static_cast<std::uint16_t>(bits)})[0];
    ASSERT_EQ(std::bit_cast<std::uint32_t>(value), bits << 16);
  }
}

TEST(Decode, F16MatchesItsDefinitionForEveryCode) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const auto value =
        decoded(decode_f16, std::vector<std::uint16_t>{static_cast<std::uint16_t>(bits)})[0];
    ASSERT_EQ(std::signbit(value), bits >> 15 == 1) << bits;
    if ((bits & 0x7c00) != 0x7c00) {
      ASSERT_EQ(double{value}, defined(bits, 5, 10, 15)) << bits;
    } else if ((bits & 0x3ff) == 0) {
      ASSERT_TRUE(std::isinf(value)) << bits;
    } else {
      ASSERT_TRUE(std::isnan(value)) << bits;
    }
  }
}

TEST(Decode, F8MatchesItsDefinitionForEveryCode) {
  for (unsigned bits = 0; bits < 256; ++bits) {
    if ((bits & 0x7f) == 0x7f) {
      EXPECT_TRUE(std::isnan(code(decode_f8_e4m3, bits)));
    } else {
      EXPECT_EQ(double{code(decode_f8_e4m3, bits)}, defined(bits, 4, 3, 7)) << bits;
    }
    if ((bits & 0x7c) != 0x7c) {
      EXPECT_EQ(double{code(decode_f8_e5m2, bits)}, defined(bits, 5, 2, 15)) << bits;
    }
    if (bits != 0x80) {
      EXPECT_EQ(double{code(decode_f8_e4m3fnuz, bits)}, defined(bits, 4, 3, 8)) << bits;
      EXPECT_EQ(double{code(decode_f8_e5m2fnuz, bits)}, defined(bits, 5, 2, 16)) << bits;
    }
    if (bits != 0xff) {
      EXPECT_EQ(double{code(decode_f8_e8m0, bits)}, std::ldexp(1.0, static_cast<int>(bits) - 127));
    }
  }
}

TEST(Decode, F8HasItsSpecialValuesAndLimits) {
  EXPECT_EQ(code(decode_f8_e4m3, 0x7e), 448);
  EXPECT_EQ(code(decode_f8_e4m3, 0x01), 0x1p-9f);
  EXPECT_TRUE(std::signbit(code(decode_f8_e4m3, 0x80)));
  EXPECT_EQ(code(decode_f8_e5m2, 0x7b), 57344);
  EXPECT_EQ(code(decode_f8_e5m2, 0x7c), kInfinity);
  EXPECT_EQ(code(decode_f8_e5m2, 0xfc), -kInfinity);
  for (unsigned nan : {0x7du, 0x7eu, 0x7fu, 0xfdu})
    EXPECT_TRUE(std::isnan(code(decode_f8_e5m2, nan)));
  EXPECT_EQ(code(decode_f8_e4m3fnuz, 0x7f), 240);
  EXPECT_TRUE(std::isnan(code(decode_f8_e4m3fnuz, 0x80)));
  EXPECT_EQ(code(decode_f8_e5m2fnuz, 0x7f), 57344);
  EXPECT_TRUE(std::isnan(code(decode_f8_e5m2fnuz, 0x80)));
  EXPECT_EQ(code(decode_f8_e8m0, 0), 0x1p-127f);
  EXPECT_EQ(code(decode_f8_e8m0, 127), 1);
  EXPECT_TRUE(std::isnan(code(decode_f8_e8m0, 255)));
}

TEST(Decode, F4TakesTheLowerHalfOfAByteFirst) {
  const std::vector<std::uint8_t> bytes = {0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe};
  std::vector<float> values(16);
  decode_f4(stored(bytes), 0, values);
  EXPECT_THAT(values, testing::ElementsAre(0, .5f, 1, 1.5f, 2, 3, 4, 6, -0.f, -.5f, -1, -1.5f, -2,
                                           -3, -4, -6));
  std::vector<float> two(2);
  decode_f4(stored(bytes), 3, two);
  EXPECT_THAT(two, testing::ElementsAre(1.5f, 2));
}

TEST(Decode, F6PacksFourNumbersIntoThreeBytes) {
  // The codes 0 to 63 as one little-endian bit string.
  std::vector<std::uint8_t> bytes(48);
  for (unsigned i = 0; i < 64; ++i) {
    for (unsigned bit = 0; bit < 6; ++bit) {
      const unsigned at = 6 * i + bit;
      if (i >> bit & 1) bytes[at / 8] = static_cast<std::uint8_t>(bytes[at / 8] | 1u << at % 8);
    }
  }
  std::vector<float> e2m3(64), e3m2(64);
  decode_f6_e2m3(stored(bytes), 0, e2m3);
  decode_f6_e3m2(stored(bytes), 0, e3m2);
  for (unsigned i = 0; i < 64; ++i) {
    EXPECT_EQ(double{e2m3[i]}, defined(i, 2, 3, 1)) << i;
    EXPECT_EQ(double{e3m2[i]}, defined(i, 3, 2, 3)) << i;
  }
  EXPECT_EQ(e2m3[31], 7.5f);
  EXPECT_EQ(e3m2[31], 28.0f);
}

TEST(Decode, F64IsRoundedToNearestEven) {
  const double tie_down = 1 + std::ldexp(1.0, -24);    // between 1 and the next float, 1 is even
  const double tie_up = 1 + 3 * std::ldexp(1.0, -24);  // between the next two, the upper is even
  EXPECT_THAT(
      decoded(decode_f64, std::vector<double>{0.1, -2, tie_down, tie_up, 1e300, -1e300, 1e-300}),
      testing::ElementsAre(0.1f, -2.f, 1.f, 1 + 0x1p-22f, kInfinity, -kInfinity, 0.f));
  EXPECT_TRUE(std::isnan(decoded(decode_f64, std::vector<double>{std::nan("")})[0]));
}

TEST(Decode, IntegersBecomeTheirValue) {
  EXPECT_THAT(decoded(decode_i8, std::vector<std::int8_t>{-128, -1, 127}),
              testing::ElementsAre(-128, -1, 127));
  EXPECT_THAT(decoded(decode_u8, std::vector<std::uint8_t>{0, 128, 255}),
              testing::ElementsAre(0, 128, 255));
  EXPECT_THAT(decoded(decode_i16, std::vector<std::int16_t>{-32768, 32767}),
              testing::ElementsAre(-32768, 32767));
  EXPECT_THAT(decoded(decode_u16, std::vector<std::uint16_t>{40000, 65535}),
              testing::ElementsAre(40000, 65535));
  EXPECT_THAT(decoded(decode_i32, std::vector<std::int32_t>{-2147483647 - 1, 16777217}),
              testing::ElementsAre(-0x1p31f, 16777216));
  EXPECT_THAT(decoded(decode_u32, std::vector<std::uint32_t>{4294967295u}),
              testing::ElementsAre(0x1p32f));
  EXPECT_THAT(
      decoded(decode_i64, std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min(), -3}),
      testing::ElementsAre(-0x1p63f, -3));
  EXPECT_THAT(decoded(decode_u64, std::vector<std::uint64_t>{~std::uint64_t{0}}),
              testing::ElementsAre(0x1p64f));
  EXPECT_THAT(decoded(decode_boolean, std::vector<std::uint8_t>{0, 1, 2}),
              testing::ElementsAre(0, 1, 1));
}

TEST(Decode, BeginsAtAnyNumberAndNeedsNoAlignment) {
  EXPECT_THAT(decoded(decode_f32, std::vector<float>{1, 2, 3}, 1), testing::ElementsAre(2, 3));
  auto bytes = stored(std::vector<float>{1, 2});
  bytes.insert(bytes.begin(), std::byte{9});
  std::vector<float> two(2);
  decode_f32(std::span(bytes).subspan(1), 0, two);
  EXPECT_THAT(two, testing::ElementsAre(1, 2));
}

}  // namespace
}  // namespace prov::numeric
