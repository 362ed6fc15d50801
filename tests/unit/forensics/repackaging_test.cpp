#include "forensics/repackaging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/forensics/checkpoints.hpp"

namespace prov::forensics {
namespace {

using testing::Contains;
using testing::HasSubstr;

struct Weights {
  std::vector<float> embedding = random_values(24, 1), query = random_values(16, 2),
                     key = random_values(16, 3), value = random_values(16, 4),
                     output = random_values(16, 5), gate = random_values(32, 6),
                     up = random_values(32, 7), down = random_values(32, 8);
};

std::vector<float> joined(std::initializer_list<std::vector<float>> parts) {
  std::vector<float> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

tests::Safetensors apart(const Weights& w) {
  tests::Safetensors tensors;
  tensors.f32("model.embed_tokens.weight", {6, 4}, w.embedding)
      .f32("model.layers.0.self_attn.q_proj.weight", {4, 4}, w.query)
      .f32("model.layers.0.self_attn.k_proj.weight", {4, 4}, w.key)
      .f32("model.layers.0.self_attn.v_proj.weight", {4, 4}, w.value)
      .f32("model.layers.0.self_attn.o_proj.weight", {4, 4}, w.output)
      .f32("model.layers.0.mlp.gate_proj.weight", {8, 4}, w.gate)
      .f32("model.layers.0.mlp.up_proj.weight", {8, 4}, w.up)
      .f32("model.layers.0.mlp.down_proj.weight", {4, 8}, w.down);
  return tensors;
}

tests::Safetensors fused(const Weights& w) {
  tests::Safetensors tensors;
  tensors.f32("model.embed_tokens.weight", {6, 4}, w.embedding)
      .f32("model.layers.0.self_attn.qkv_proj.weight", {12, 4}, joined({w.query, w.key, w.value}))
      .f32("model.layers.0.self_attn.o_proj.weight", {4, 4}, w.output)
      .f32("model.layers.0.mlp.gate_up_proj.weight", {16, 4}, joined({w.gate, w.up}))
      .f32("model.layers.0.mlp.down_proj.weight", {4, 8}, w.down);
  return tensors;
}

Repackaging compared(const tests::Safetensors& a, const tests::Safetensors& b) {
  auto result = compare_forms(opened(a), opened(b), {});
  EXPECT_TRUE(result);
  return *std::move(result);
}

TEST(Repackaging, SeesThroughFusedProjections) {
  const Repackaging result = compared(apart({}), fused({}));
  EXPECT_TRUE(result.equal_values);
  EXPECT_THAT(result.forms, Contains(HasSubstr("2 in B")));
}

TEST(Repackaging, OneChangedValueIsNoCopy) {
  Weights changed;
  changed.key[5] += 1e-3F;
  EXPECT_FALSE(compared(apart({}), fused(changed)).equal_values);
}

TEST(Repackaging, AcceptsAnUntiedHeadAndBiasesOfZero) {
  const Weights w;
  tests::Safetensors more = apart(w);
  more.f32("lm_head.weight", {6, 4}, w.embedding)
      .f32("model.layers.0.self_attn.o_proj.bias", {4}, {0, 0, 0, 0});
  const Repackaging result = compared(apart(w), more);
  EXPECT_TRUE(result.equal_values);
  EXPECT_THAT(result.forms, Contains(HasSubstr("B stores its head apart")));
  EXPECT_THAT(result.forms, Contains(HasSubstr("B stores 1 biases of zero")));

  tests::Safetensors other = apart(w);
  other.f32("lm_head.weight", {6, 4}, random_values(24, 99));
  EXPECT_FALSE(compared(apart(w), other).equal_values);
  tests::Safetensors biased = apart(w);
  biased.f32("model.layers.0.self_attn.o_proj.bias", {4}, {0, 0, 1, 0});
  EXPECT_FALSE(compared(biased, apart(w)).equal_values);
}

TEST(Repackaging, NamesOtherFloatTypes) {
  tests::Safetensors half;
  half.bf16("model.norm.weight", {2}, {1, 2});
  tests::Safetensors full;
  full.f32("model.norm.weight", {2}, {1, 2});
  const Repackaging result = compared(half, full);
  EXPECT_TRUE(result.equal_values);
  EXPECT_THAT(result.forms, Contains("BF16 in A, F32 in B"));
  EXPECT_TRUE(compared(full, full).forms.empty());
}

}  // namespace
}  // namespace prov::forensics
