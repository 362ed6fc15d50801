#include "model/unnamed_mlps.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/checkpoints.hpp"

namespace prov::model {
namespace {

constexpr std::size_t kHidden = 200, kWidth = 64;

/// Units of one MLP have like lengths in its three matrices, and the gate leans to one side: what
/// training does. `lean` 0 leaves the gate symmetric.
void add_mlp(tests::Safetensors& tensors, std::uint64_t seed, float lean, const char* gate,
             const char* up, const char* down, bool alike = true) {
  auto lengths = tests::random_values(kHidden, seed);
  const auto matrix = [&](std::uint64_t own, float shift) {
    auto values = tests::random_values(kHidden * kWidth, own);
    if (!alike) lengths = tests::random_values(kHidden, own + 50);
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = (values[i] + shift) * (1.0F + 0.3F * lengths[i / kWidth]);
    return values;
  };
  const auto written = matrix(seed + 3, 0);
  std::vector<float> turned(written.size());
  for (std::size_t i = 0; i < kHidden; ++i) {
    for (std::size_t j = 0; j < kWidth; ++j) turned[j * kHidden + i] = written[i * kWidth + j];
  }
  tensors.f32(gate, {kHidden, kWidth}, matrix(seed + 1, lean));
  tensors.f32(up, {kHidden, kWidth}, matrix(seed + 2, 0));
  tensors.f32(down, {kWidth, kHidden}, turned);
}

const Role& role_of_tensor(const Checkpoint& checkpoint, const char* name) {
  return checkpoint.find(name)->role;
}

TEST(UnnamedMlps, FindWhatBelongsTogetherByTheLengthsOfUnits) {
  tests::Safetensors tensors;
  add_mlp(tensors, 10, 0.3F, "t5", "t0", "t3");
  add_mlp(tensors, 20, 0.3F, "t1", "t4", "t2");
  const Checkpoint checkpoint = tests::opened(tensors);
  EXPECT_EQ(role_of_tensor(checkpoint, "t5").kind, RoleKind::gate);
  EXPECT_EQ(role_of_tensor(checkpoint, "t0").kind, RoleKind::up);
  EXPECT_EQ(role_of_tensor(checkpoint, "t3").kind, RoleKind::down);
  EXPECT_EQ(role_of_tensor(checkpoint, "t5").layer, role_of_tensor(checkpoint, "t3").layer);
  EXPECT_EQ(role_of_tensor(checkpoint, "t1").layer, role_of_tensor(checkpoint, "t2").layer);
  EXPECT_NE(role_of_tensor(checkpoint, "t1").layer, role_of_tensor(checkpoint, "t3").layer);
  ASSERT_EQ(checkpoint.warnings.size(), 1U);
  EXPECT_NE(checkpoint.warnings.front().find("order in the model is not known"), std::string::npos);
}

TEST(UnnamedMlps, TakeTheLayerFromANumberInTheName) {
  tests::Safetensors tensors;
  add_mlp(tensors, 10, 0.3F, "blocks.7.a", "blocks.7.b", "blocks.7.c", false);
  add_mlp(tensors, 20, 0.3F, "blocks.2.a", "blocks.2.b", "blocks.2.c", false);
  const Checkpoint checkpoint = tests::opened(tensors);
  EXPECT_EQ(role_name(role_of_tensor(checkpoint, "blocks.7.b")), "layer 7 up");
  EXPECT_EQ(role_name(role_of_tensor(checkpoint, "blocks.2.a")), "layer 2 gate");
}

TEST(UnnamedMlps, AreSilentWhereLengthsDoNotBelongTogether) {
  tests::Safetensors tensors;
  add_mlp(tensors, 10, 0.3F, "t5", "t0", "t3", false);
  add_mlp(tensors, 20, 0.3F, "t1", "t4", "t2", false);
  const Checkpoint checkpoint = tests::opened(tensors);
  for (const Tensor& tensor : checkpoint.tensors) EXPECT_EQ(tensor.role.kind, RoleKind::unknown);
  EXPECT_TRUE(checkpoint.warnings.empty());
}

TEST(UnnamedMlps, AreSilentWhereNoReaderLooksLikeAGate) {
  tests::Safetensors tensors;
  add_mlp(tensors, 10, 0, "t5", "t0", "t3");
  add_mlp(tensors, 20, 0, "t1", "t4", "t2");
  const Checkpoint checkpoint = tests::opened(tensors);
  for (const Tensor& tensor : checkpoint.tensors) EXPECT_EQ(tensor.role.kind, RoleKind::unknown);
}

TEST(UnnamedMlps, AreNotLookedForInAdaptersOrBesideKnownLayers) {
  tests::Safetensors adapter, known;
  for (tests::Safetensors* tensors : {&adapter, &known}) {
    add_mlp(*tensors, 10, 0.3F, "t5", "t0", "t3");
    add_mlp(*tensors, 20, 0.3F, "t1", "t4", "t2");
  }
  adapter.f32("x.lora_A", {1}, {1});
  known.f32("model.layers.0.mlp.up_proj.weight", {2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(role_of_tensor(tests::opened(adapter), "t5").kind, RoleKind::unknown);
  EXPECT_EQ(role_of_tensor(tests::opened(known), "t5").kind, RoleKind::unknown);
}

}  // namespace
}  // namespace prov::model
