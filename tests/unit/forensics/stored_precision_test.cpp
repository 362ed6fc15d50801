#include "forensics/stored_precision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace prov::forensics {
namespace {

TEST(StoredPrecision, StepIsTheDistanceToTheNextNumber) {
  EXPECT_EQ(step_at(kBf16, 1.0), 0x1p-7);
  EXPECT_EQ(step_at(kBf16, -1.99), 0x1p-7);
  EXPECT_EQ(step_at(kF16, 2.0), 0x1p-9);
  EXPECT_EQ(step_at(kF16, 0.0), 0x1p-24);
  EXPECT_EQ(step_at(kF16, 0x1p-20), 0x1p-24);  // subnormal
  EXPECT_EQ(step_at(kF8E4m3, 300), 32);
}

TEST(StoredPrecision, RoundsToNearestEven) {
  EXPECT_EQ(rounded_to(kBf16, 1 + 0x1p-8), 1.0);             // tie to even
  EXPECT_EQ(rounded_to(kBf16, 1 + 3 * 0x1p-8), 1 + 0x1p-6);  // tie to even
  EXPECT_EQ(rounded_to(kBf16, -(1 + 0x1.8p-8)), -(1 + 0x1p-7));
  EXPECT_EQ(rounded_to(kF16, 0x1p-25), 0.0);
  EXPECT_EQ(rounded_to(kF16, 1e9), 65504);
  EXPECT_EQ(rounded_to(kF8E4m3, 17), 16);
  EXPECT_EQ(rounded_to(kF8E5m2, -std::numeric_limits<double>::infinity()), -57344);
  EXPECT_TRUE(std::isnan(rounded_to(kF16, std::numeric_limits<double>::quiet_NaN())));
}

// The same by the C library's functions.
double expected_step(const StoredPrecision& precision, double value) {
  const int exponent =
      value == 0 ? precision.least_exponent : std::max(precision.least_exponent, std::ilogb(value));
  return std::ldexp(1.0, exponent - precision.fraction_bits);
}

double expected_rounded(const StoredPrecision& precision, double value) {
  const int bit = std::ilogb(expected_step(precision, value));
  const double rounded = std::ldexp(std::nearbyint(std::ldexp(value, -bit)), bit);
  return std::clamp(rounded, -precision.greatest, precision.greatest);
}

TEST(StoredPrecision, AgreesWithTheCLibraryAtEveryExponent) {
  constexpr double kFractions[] = {1,           1 + 0x1p-52,  1 + 0x1p-24,    1 + 0x1p-8,
                                   1 + 0x1p-11, 1.3333333333, 1 + 3 * 0x1p-9, 2 - 0x1p-52};
  for (const StoredPrecision& precision : {kF32, kBf16, kF16, kF8E4m3, kF8E5m2}) {
    for (int exponent = -1074; exponent <= 1023; ++exponent) {
      for (const double fraction : kFractions) {
        const double value = (exponent % 2 == 0 ? 1 : -1) * std::ldexp(fraction, exponent);
        ASSERT_EQ(step_at(precision, value), expected_step(precision, value)) << value;
        const double rounded = rounded_to(precision, value);
        ASSERT_EQ(rounded, expected_rounded(precision, value)) << precision.name << ' ' << value;
        ASSERT_EQ(std::signbit(rounded), std::signbit(value)) << precision.name << ' ' << value;
      }
    }
    EXPECT_EQ(step_at(precision, 0.0), expected_step(precision, 0.0));
    EXPECT_EQ(rounded_to(precision, 0.0), 0.0);
  }
}

std::string possible(const std::vector<float>& values) {
  const PossibleStorage storage = possible_storage(values);
  return std::string(storage.bf16 ? "BF16 " : "") + (storage.f16 ? "F16" : "");
}

TEST(PossibleStorage, IsReadFromValues) {
  EXPECT_EQ(possible({1.5F, 0x1p-130F, 0x1p100F}), "BF16 ");
  EXPECT_EQ(possible({1.5F, 1 + 0x1p-10F}), "F16");
  EXPECT_EQ(possible({1.5F, 1 + 0x1p-11F}), "");
  EXPECT_EQ(possible({0x1p20F, 1 + 0x1p-9F}), "");
  EXPECT_EQ(possible({0x1p-24F, 0.5F, 0.0F}), "BF16 F16");
  EXPECT_EQ(possible({NAN, INFINITY}), "BF16 F16");
  EXPECT_EQ(possible({}), "BF16 F16");
}

TEST(PossibleStorage, StepIsThatOfTheCoarsestFormat) {
  EXPECT_EQ((PossibleStorage{true, true}.step_at(1)), 0x1p-7);
  EXPECT_EQ((PossibleStorage{true, true}.step_at(0x1p-20)), 0x1p-24);  // F16 is subnormal there
  EXPECT_EQ((PossibleStorage{true, false}.step_at(0x1p-20)), 0x1p-27);
  EXPECT_EQ((PossibleStorage{false, true}.step_at(1)), 0x1p-10);
  EXPECT_EQ((PossibleStorage{false, false}.step_at(1)), 0x1p-23);
}

}  // namespace
}  // namespace prov::forensics
