#include "model/weight_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "support/checkpoints.hpp"

namespace prov::model {
namespace {

using testing::ElementsAre;
using tests::opened;

std::vector<float> counting(std::size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 0.0F);
  return values;
}

std::vector<float> block(const Checkpoint& checkpoint, const WeightView& view,
                         std::vector<std::uint64_t> outputs, std::vector<std::uint64_t> inputs) {
  auto matrix = read_block(checkpoint, view, outputs, inputs);
  EXPECT_TRUE(matrix);
  return matrix->values;
}

TEST(WeightViews, SplitFusedProjections) {
  const Checkpoint phi =
      opened(tests::Safetensors()
                 .f32("model.layers.0.mlp.gate_up_proj.weight", {4, 2}, counting(8))
                 .f32("model.layers.0.self_attn.qkv_proj.weight", {8, 2}, counting(16))
                 .f32("model.layers.0.self_attn.o_proj.weight", {2, 4}, counting(8)));
  const ViewMap views = weight_views(phi, 1);
  EXPECT_THAT(block(phi, views.at({Tower::text, 0, -1, RoleKind::gate}), {0, 1}, {0, 1}),
              ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(block(phi, views.at({Tower::text, 0, -1, RoleKind::up}), {1}, {0, 1}),
              ElementsAre(6, 7));
  EXPECT_EQ(views.at({Tower::text, 0, -1, RoleKind::query}).outputs, 4U);
  EXPECT_THAT(block(phi, views.at({Tower::text, 0, -1, RoleKind::key}), {0, 1}, {0}),
              ElementsAre(8, 10));
  EXPECT_THAT(block(phi, views.at({Tower::text, 0, -1, RoleKind::value}), {0, 1}, {1}),
              ElementsAre(13, 15));
  EXPECT_FALSE(views.contains({Tower::text, 0, -1, RoleKind::qkv}));
}

/// Two residual coordinates, three units; gate 0 2 4 / 6 8 10, up 1 3 5 / 7 9 11.
tests::Safetensors experts_of_gpt_oss() {
  return tests::Safetensors()
      .f32("model.layers.0.mlp.experts.gate_up_proj", {1, 2, 6}, counting(12))
      .f32("model.layers.0.mlp.experts.gate_up_proj_bias", {1, 6}, counting(6))
      .f32("model.layers.0.mlp.experts.down_proj", {1, 3, 2}, counting(6));
}

TEST(WeightViews, TakeGateAndUpApartThatTakeTurns) {
  const Checkpoint model = opened(experts_of_gpt_oss());
  const ViewMap views = weight_views(model, 1);
  const auto view = [&](RoleKind kind) { return views.at({Tower::text, 0, 0, kind}); };
  EXPECT_THAT(block(model, view(RoleKind::gate), {0, 1, 2}, {0, 1}),
              ElementsAre(0, 6, 2, 8, 4, 10));
  EXPECT_THAT(block(model, view(RoleKind::up), {0, 2}, {0, 1}), ElementsAre(1, 7, 5, 11));
  EXPECT_THAT(block(model, view(RoleKind::down), {0, 1}, {0, 1, 2}), ElementsAre(0, 2, 4, 1, 3, 5));
  const Checkpoint without = opened(
      tests::Safetensors().f32("model.layers.0.mlp.experts.gate_up_proj", {1, 6, 2}, counting(12)));
  const ViewMap halves = weight_views(without, 1);
  EXPECT_THAT(block(without, halves.at({Tower::text, 0, 0, RoleKind::up}), {0}, {0, 1}),
              ElementsAre(6, 7));
}

TEST(WeightViews, NothingTakesTurnsWithoutOutputs) {
  const Checkpoint model =
      opened(tests::Safetensors()
                 .f32("model.layers.0.mlp.experts.gate_up_proj", {1, 2, 0}, {})
                 .f32("model.layers.0.mlp.experts.gate_up_proj_bias", {1, 6}, counting(6)));
  EXPECT_FALSE(weight_views(model, 1).contains({Tower::text, 0, 0, RoleKind::gate}));
}

TEST(WeightViews, TurnConv1dAround) {
  const Checkpoint gpt2 = opened(tests::Safetensors()
                                     .f32("h.0.attn.c_attn.weight", {2, 6}, counting(12))
                                     .f32("h.0.attn.c_proj.weight", {2, 2}, counting(4))
                                     .f32("h.0.mlp.c_fc.weight", {2, 8}, counting(16)));
  const ViewMap views = weight_views(gpt2, 1);
  const WeightView& up = views.at({Tower::text, 0, -1, RoleKind::up});
  EXPECT_EQ(up.outputs, 8U);
  EXPECT_EQ(up.inputs, 2U);
  EXPECT_THAT(block(gpt2, up, {0, 7}, {0, 1}), ElementsAre(0, 8, 7, 15));
  EXPECT_THAT(block(gpt2, views.at({Tower::text, 0, -1, RoleKind::value}), {0, 1}, {0, 1}),
              ElementsAre(4, 10, 5, 11));
}

TEST(WeightViews, TakeHeadsApartWhereTheirNumberIsKnown) {
  // Two heads of one row each, fused head by head: q k v, q k v.
  const Checkpoint neox = opened(tests::Safetensors().f32(
      "gpt_neox.layers.0.attention.query_key_value.weight", {6, 1}, counting(6)));
  const ViewMap views = weight_views(neox, 1, {.query = 2, .key_value = 2});
  EXPECT_FALSE(views.contains({Tower::text, 0, -1, RoleKind::qkv}));
  EXPECT_THAT(block(neox, views.at({Tower::text, 0, -1, RoleKind::query}), {0, 1}, {0}),
              ElementsAre(0, 3));
  EXPECT_THAT(block(neox, views.at({Tower::text, 0, -1, RoleKind::value}), {0, 1}, {0}),
              ElementsAre(2, 5));
  // Two queries share a key and a value: q q k v.
  const ViewMap grouped = weight_views(neox, 1, {.query = 4, .key_value = 2});
  EXPECT_TRUE(grouped.contains({Tower::text, 0, -1, RoleKind::qkv}));  // 6 rows are no 8 parts
  EXPECT_TRUE(weight_views(neox, 1).contains({Tower::text, 0, -1, RoleKind::qkv}));
}

TEST(WeightViews, SplitGroupsOfQueries) {
  const Checkpoint falcon = opened(tests::Safetensors().f32(
      "transformer.h.0.self_attention.query_key_value.weight", {8, 1}, counting(8)));
  const ViewMap views = weight_views(falcon, 1, {.query = 4, .key_value = 2});
  EXPECT_THAT(block(falcon, views.at({Tower::text, 0, -1, RoleKind::query}), {0, 1, 2, 3}, {0}),
              ElementsAre(0, 1, 4, 5));
  EXPECT_THAT(block(falcon, views.at({Tower::text, 0, -1, RoleKind::key}), {0, 1}, {0}),
              ElementsAre(2, 6));
}

TEST(WeightViews, AddressTheExpertsOfAStackOneByOne) {
  const Checkpoint moe =
      opened(tests::Safetensors()
                 .f32("model.layers.0.mlp.experts.gate_up_proj", {3, 4, 2}, counting(24))
                 .f32("model.layers.0.mlp.experts.down_proj", {3, 2, 2}, counting(12)));
  const ViewMap views = weight_views(moe, 2);
  EXPECT_THAT(block(moe, views.at({Tower::text, 0, 1, RoleKind::up}), {0, 1}, {0, 1}),
              ElementsAre(12, 13, 14, 15));
  EXPECT_THAT(block(moe, views.at({Tower::text, 0, 1, RoleKind::down}), {0, 1}, {0, 1}),
              ElementsAre(4, 5, 6, 7));
  EXPECT_FALSE(views.contains({Tower::text, 0, 2, RoleKind::up}));
}

TEST(WeightViews, LeaveAFrozenImageEncoderOut) {
  const Checkpoint both = opened(
      tests::Safetensors()
          .f32("language_model.model.layers.0.mlp.up_proj.weight", {2, 2}, counting(4))
          .f32("vision_tower.vision_model.encoder.layers.0.mlp.fc1.weight", {2, 2}, counting(4)));
  const ViewMap views = weight_views(both, 1);
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views.begin()->first.tower, Tower::text);
}

TEST(ReadBlock, SetsWhatIsNotFiniteToZero) {
  const float infinity = std::numeric_limits<float>::infinity();
  const Checkpoint broken = opened(tests::Safetensors().f32(
      "model.layers.0.mlp.up_proj.weight", {2, 2}, {1, infinity, -infinity, std::nanf("")}));
  const ViewMap views = weight_views(broken, 1);
  EXPECT_THAT(block(broken, views.begin()->second, {0, 1}, {0, 1}), ElementsAre(1, 0, 0, 0));
}

}  // namespace
}  // namespace prov::model
