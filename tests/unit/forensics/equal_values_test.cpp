#include "forensics/equal_values.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/checkpoints.hpp"

namespace prov::forensics {
namespace {

using tests::Safetensors;

bool equal(const Safetensors& first, const Safetensors& second) {
  const model::Checkpoint a = opened(first), b = opened(second);
  auto result = all_values_equal(a, b, pair_tensors(a, {}, b, {}), nullptr, {});
  EXPECT_TRUE(result) << result.error().to_string();
  return result && *result;
}

constexpr const char* kName = "model.norm.weight";

TEST(AllValuesEqual, LooksThroughTheDtype) {
  EXPECT_TRUE(
      equal(Safetensors().f32(kName, {2}, {1, -2}), Safetensors().bf16(kName, {2}, {1, -2})));
  EXPECT_FALSE(
      equal(Safetensors().f32(kName, {2}, {1, -2.001F}), Safetensors().bf16(kName, {2}, {1, -2})));
}

TEST(AllValuesEqual, FindsOneDifferentElementAtTheEnd) {
  std::vector<float> values = random_values(700000, 1), changed = values;
  changed.back() += 1;
  EXPECT_TRUE(equal(Safetensors().f32(kName, {700000}, values),
                    Safetensors().f32(kName, {700000}, values)));
  EXPECT_FALSE(equal(Safetensors().f32(kName, {700000}, values),
                     Safetensors().f32(kName, {700000}, changed)));
}

TEST(AllValuesEqual, TakesBothZerosAsOneValueAndANanAsItself) {
  const float nan = std::nanf("");
  EXPECT_TRUE(equal(Safetensors().f32(kName, {2}, {0.0F, nan}),
                    Safetensors().f32(kName, {2}, {-0.0F, nan})));
  EXPECT_FALSE(
      equal(Safetensors().f32(kName, {2}, {0.0F, nan}), Safetensors().f32(kName, {2}, {0.0F, 1})));
}

TEST(AllValuesEqual, NeedsEveryTensorToHaveAPartner) {
  EXPECT_FALSE(equal(Safetensors().f32(kName, {1}, {1}),
                     Safetensors().f32(kName, {1}, {1}).f32("lm_head.weight", {1, 1}, {1})));
}

TEST(AllValuesEqual, StopsWhenAsked) {
  const model::Checkpoint a = opened(Safetensors().f32(kName, {1}, {1}));
  std::stop_source source;
  source.request_stop();
  const auto result =
      all_values_equal(a, a, pair_tensors(a, {}, a, {}), nullptr, source.get_token());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace prov::forensics
