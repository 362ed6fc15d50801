#include "numeric/half.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace prov::numeric {
namespace {

struct Format {
  const char* name;
  float (*widened)(std::uint16_t bits);
  float (*rounded)(float value);
  std::uint16_t infinity;
};

constexpr Format kFormats[] = {
    {"f16", [](std::uint16_t bits) { return widen(Float16{bits}); }, rounded_to_f16, 0x7c00},
    {"bf16", [](std::uint16_t bits) { return widen(Bfloat16{bits}); }, rounded_to_bf16, 0x7f80},
};

TEST(Rounding, EveryHalfIsItself) {
  for (const Format& format : kFormats) {
    for (unsigned bits = 0; bits < 0x10000; ++bits) {
      const float value = format.widened(static_cast<std::uint16_t>(bits));
      const float rounded = format.rounded(value);
      const std::uint32_t expected =
          std::isnan(value) ? 0x7fc00000u : std::bit_cast<std::uint32_t>(value);
      ASSERT_EQ(std::bit_cast<std::uint32_t>(rounded), expected) << format.name << " " << bits;
    }
  }
}

TEST(Rounding, BetweenTwoHalvesTheNearerOneAndOfEquallyNearOnesTheEven) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const Format& format : kFormats) {
    for (unsigned bits = 0; bits + 1 < format.infinity; ++bits) {
      const float low = format.widened(static_cast<std::uint16_t>(bits));
      const float high = format.widened(static_cast<std::uint16_t>(bits + 1));
      const auto middle = static_cast<float>((double{low} + double{high}) / 2);
      ASSERT_EQ(format.rounded(middle), bits % 2 == 0 ? low : high) << format.name << " " << bits;
      ASSERT_EQ(format.rounded(std::nextafter(middle, 0.0F)), low) << format.name << " " << bits;
      ASSERT_EQ(format.rounded(std::nextafter(middle, kInfinity)), high);
      ASSERT_EQ(format.rounded(-middle), bits % 2 == 0 ? -low : -high);
    }
  }
}

TEST(Rounding, BeyondTheRangeIsInfinite) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(rounded_to_f16(65519), 65504);
  EXPECT_EQ(rounded_to_f16(65520), kInfinity);
  EXPECT_EQ(rounded_to_f16(-1e30F), -kInfinity);
  EXPECT_EQ(rounded_to_bf16(std::numeric_limits<float>::max()), kInfinity);
}

}  // namespace
}  // namespace prov::numeric
