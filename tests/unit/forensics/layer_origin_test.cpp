#include "forensics/layer_origin.hpp"

#include <gtest/gtest.h>

#include <array>

#include "unit/forensics/checkpoints.hpp"

namespace prov::forensics {
namespace {

using tests::Safetensors;

constexpr std::uint64_t kSize = 24;

/// One matrix a layer, made from the seed.
model::Checkpoint layers(const std::vector<std::uint64_t>& seeds, std::uint64_t columns = kSize) {
  Safetensors file;
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    file.f32("model.layers." + std::to_string(i) + ".mlp.up_proj.weight", {kSize, columns},
             random_values(kSize * columns, seeds[i]));
  }
  return opened(file);
}

std::vector<LayerOrigin> origins(const model::Checkpoint& child,
                                 const std::vector<const model::Checkpoint*>& candidates) {
  auto found = find_layer_origins(child, candidates, {});
  EXPECT_TRUE(found);
  return found ? *std::move(found) : std::vector<LayerOrigin>{};
}

TEST(LayerOrigins, FindEqualLayersWhereverTheyStand) {
  const model::Checkpoint a = layers({1, 2, 3}), b = layers({4, 5, 6}), child = layers({2, 6, 1});
  const auto found = origins(child, {&a, &b});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].best.candidate, 0U);
  EXPECT_EQ(found[0].best.layer, 1);
  EXPECT_TRUE(found[0].best.equal);
  EXPECT_EQ(found[0].best.difference, 0);
  EXPECT_EQ(found[1].best.candidate, 1U);
  EXPECT_EQ(found[1].best.layer, 2);
  EXPECT_EQ(found[2].best.layer, 0);
  ASSERT_TRUE(found[0].next_layer && found[0].next_candidate);
  EXPECT_EQ(found[0].next_layer->candidate, 0U);
  EXPECT_EQ(found[0].next_candidate->candidate, 1U);
  EXPECT_NEAR(found[0].next_layer->difference, 1.4, 0.2);
}

TEST(LayerOrigins, GoOnWithTheCandidateOfTheLayerBefore) {
  // Both candidates have the child's second layer.
  const model::Checkpoint a = layers({1, 9}), b = layers({2, 9}), child = layers({2, 9});
  const auto found = origins(child, {&a, &b});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].best.candidate, 1U);
}

TEST(LayerOrigins, LeaveOutLayersOfOtherShapes) {
  const model::Checkpoint a = layers({1, 2}, 20), child = layers({1, 2});
  EXPECT_TRUE(origins(child, {&a}).empty());
  EXPECT_TRUE(origins(child, {}).empty());
  EXPECT_EQ(count_layers(child), 2U);
}

TEST(LayerOrigins, StopWhenAsked) {
  const model::Checkpoint child = layers({1});
  std::stop_source source;
  source.request_stop();
  const auto found = find_layer_origins(child, std::array{&child}, source.get_token());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace prov::forensics
