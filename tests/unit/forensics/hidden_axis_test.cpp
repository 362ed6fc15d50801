#include "forensics/hidden_axis.hpp"

#include <gtest/gtest.h>

#include "forensics/residual_axis.hpp"
#include "unit/forensics/checkpoints.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kHidden = 64, kWidth = 24;

struct Layer {
  numeric::Matrix gate = numeric::Matrix(kHidden, kWidth), up = numeric::Matrix(kHidden, kWidth),
                  down = numeric::Matrix(kWidth, kHidden);

  explicit Layer(std::uint64_t seed)
      : gate(random_matrix(kHidden, kWidth, seed)),
        up(random_matrix(kHidden, kWidth, seed + 1)),
        down(random_matrix(kWidth, kHidden, seed + 2)) {}
  void shuffle_units(std::uint64_t seed) {
    const auto order = random_order(kHidden, seed);
    gate = reordered(gate, order);
    up = reordered(up, order);
    down = numeric::transposed(reordered(numeric::transposed(down), order));
  }
  void shuffle_coordinates(std::uint64_t seed) {
    const auto order = random_order(kWidth, seed);
    gate = numeric::transposed(reordered(numeric::transposed(gate), order));
    up = numeric::transposed(reordered(numeric::transposed(up), order));
    down = reordered(down, order);
  }
};

model::Checkpoint separate(const Layer& layer) {
  return opened(
      tests::Safetensors()
          .f32("model.layers.0.mlp.gate_proj.weight", {kHidden, kWidth}, layer.gate.values)
          .f32("model.layers.0.mlp.up_proj.weight", {kHidden, kWidth}, layer.up.values)
          .f32("model.layers.0.mlp.down_proj.weight", {kWidth, kHidden}, layer.down.values));
}

model::Checkpoint fused(const Layer& layer) {
  std::vector<float> gate_up = layer.gate.values;
  gate_up.insert(gate_up.end(), layer.up.values.begin(), layer.up.values.end());
  return opened(
      tests::Safetensors()
          .f32("model.layers.0.mlp.gate_up_proj.weight", {2 * kHidden, kWidth}, gate_up)
          .f32("model.layers.0.mlp.down_proj.weight", {kWidth, kHidden}, layer.down.values));
}

Result<HiddenAxis> hidden_axis(const model::Checkpoint& a, const model::Checkpoint& b) {
  return compare_hidden_axis(a, model::mlps_of(a, {}, 1), b, model::mlps_of(b, {}, 1), {});
}

MlpComparison compared(const model::Checkpoint& a, const model::Checkpoint& b) {
  auto axis = hidden_axis(a, b);
  EXPECT_TRUE(axis);
  EXPECT_EQ(axis->mlps.size(), 1U);
  return axis->mlps.front();
}

TEST(HiddenAxis, FindsTheSameUnitsInAFusedCopy) {
  const MlpComparison mlp = compared(separate(Layer(1)), fused(Layer(1)));
  ASSERT_TRUE(mlp.order);
  EXPECT_NEAR(mlp.order->cosine, 1, 1e-6);
  EXPECT_GT(mlp.order->z, 40);
  EXPECT_FALSE(mlp.geometry);  // nothing left to ask
}

TEST(HiddenAxis, SeesNothingBetweenStrangers) {
  const MlpComparison mlp = compared(separate(Layer(1)), separate(Layer(100)));
  ASSERT_TRUE(mlp.order && mlp.geometry);
  EXPECT_LT(std::abs(mlp.order->z), 4);
  EXPECT_LT(std::abs(mlp.geometry->z), 4);
}

TEST(HiddenAxis, GeometryFindsPermutedCoordinates) {
  Layer moved(1);
  moved.shuffle_coordinates(5);
  const MlpComparison mlp = compared(separate(Layer(1)), separate(moved));
  ASSERT_TRUE(mlp.order && mlp.geometry);
  EXPECT_LT(mlp.order->z, 12);
  EXPECT_NEAR(mlp.geometry->cka, 1, 1e-5);
}

TEST(HiddenAxis, ShuffledUnitsAreLost) {
  Layer shuffled(1);
  shuffled.shuffle_units(5);
  const MlpComparison mlp = compared(separate(Layer(1)), separate(shuffled));
  ASSERT_TRUE(mlp.order && mlp.geometry);
  EXPECT_LT(std::abs(mlp.order->z), 5);
  EXPECT_LT(std::abs(mlp.geometry->z), 5);
}

TEST(HiddenAxis, CountsOtherWidths) {
  const model::Checkpoint narrow = opened(
      tests::Safetensors()
          .f32("model.layers.0.mlp.up_proj.weight", {16, kWidth}, random_values(16 * kWidth, 1))
          .f32("model.layers.0.mlp.down_proj.weight", {kWidth, 16}, random_values(16 * kWidth, 2)));
  const auto axis = hidden_axis(separate(Layer(1)), narrow);
  ASSERT_TRUE(axis);
  EXPECT_EQ(axis->different_widths, 1U);
  EXPECT_TRUE(axis->ordered().empty());
}

TEST(ResidualAxis, KeepsAgreeingWhenOnlyTheUnitsOfTheWriterChange) {
  const model::Checkpoint a = separate(Layer(1));
  Layer other(1);
  other.down = random_matrix(kWidth, kHidden, 9);
  const auto same = compare_residual_axis(a, separate(other), {}),
             strangers = compare_residual_axis(a, separate(Layer(50)), {});
  ASSERT_TRUE(same && strangers && same->test && strangers->test);
  EXPECT_EQ(same->matrices, 2U);
  EXPECT_GT(same->test->z, 20);
  EXPECT_LT(std::abs(strangers->test->z), 4);
}

}  // namespace
}  // namespace prov::forensics
