#include "forensics/agreement.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/checkpoints.hpp"

namespace prov::forensics {
namespace {

using tests::Safetensors;

Agreement agreement(const Safetensors& first, const Safetensors& second) {
  const model::Checkpoint a = opened(first), b = opened(second);
  auto result = compare_roles(a, b, pair_tensors(a, {}, b, {}), {});
  EXPECT_TRUE(result) << result.error().to_string();
  return *result;
}

TEST(CompareRoles, GivesCosineDifferenceAndEqualShare) {
  const Agreement found =
      agreement(Safetensors().f32("model.layers.0.mlp.up_proj.weight", {2, 2}, {3, 0, 0, 4}),
                Safetensors().f32("model.layers.0.mlp.up_proj.weight", {2, 2}, {3, 0, 4, 0}));
  ASSERT_EQ(found.roles.size(), 1U);
  const RoleAgreement& up = found.roles.front();
  EXPECT_EQ(up.role, "up");
  EXPECT_EQ(up.tensors, 1U);
  EXPECT_DOUBLE_EQ(*up.cosine, 9.0 / 25);
  EXPECT_DOUBLE_EQ(*up.relative_difference, std::sqrt(32.0) / 5);
  EXPECT_DOUBLE_EQ(*up.identical_share, 0.5);
  EXPECT_DOUBLE_EQ(found.strongest_matrix_cosine, 9.0 / 25);
  EXPECT_FALSE(found.every_sample_equal);
}

TEST(CompareRoles, AveragesOverLayersAndCountsShapesThatDiffer) {
  const Agreement found = agreement(Safetensors()
                                        .f32("model.layers.0.mlp.up_proj.weight", {1, 2}, {1, 0})
                                        .f32("model.layers.1.mlp.up_proj.weight", {1, 2}, {1, 0})
                                        .f32("model.layers.2.mlp.up_proj.weight", {1, 2}, {1, 0}),
                                    Safetensors()
                                        .f32("model.layers.0.mlp.up_proj.weight", {1, 2}, {1, 0})
                                        .f32("model.layers.1.mlp.up_proj.weight", {1, 2}, {0, 1})
                                        .f32("model.layers.2.mlp.up_proj.weight", {2, 1}, {1, 0}));
  ASSERT_EQ(found.roles.size(), 1U);
  EXPECT_EQ(found.roles.front().tensors, 3U);
  EXPECT_EQ(found.roles.front().mismatched_shapes, 1U);
  EXPECT_DOUBLE_EQ(*found.roles.front().cosine, 0.5);
}

TEST(CompareRoles, HasNoCosineForZeros) {
  const Agreement found =
      agreement(Safetensors().f32("model.layers.0.self_attn.q_proj.bias", {2}, {0, 0}),
                Safetensors().f32("model.layers.0.self_attn.q_proj.bias", {2}, {0, 0}));
  EXPECT_EQ(found.roles.front().role, "query_bias");
  EXPECT_FALSE(found.roles.front().cosine);
  EXPECT_DOUBLE_EQ(*found.roles.front().identical_share, 1);
  EXPECT_TRUE(found.every_sample_equal);
}

TEST(CompareRoles, SamplesALargeMatrixAtEqualPlaces) {
  const std::vector<float> values = random_values(1000 * 400, 1);
  const Agreement found =
      agreement(Safetensors().f32("model.embed_tokens.weight", {1000, 400}, values),
                Safetensors().f32("model.embed_tokens.weight", {1000, 400}, values));
  EXPECT_EQ(found.sampled_elements, 64U * 400);
  EXPECT_DOUBLE_EQ(*found.roles.front().identical_share, 1);
}

}  // namespace
}  // namespace prov::forensics
