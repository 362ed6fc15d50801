#include "forensics/stored_precision.hpp"

#include <gtest/gtest.h>

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
