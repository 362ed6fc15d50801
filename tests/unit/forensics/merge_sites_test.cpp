#include "forensics/merge_sites.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "forensics/merge_fit.hpp"
#include "unit/forensics/checkpoints.hpp"

namespace prov::forensics {
namespace {

using testing::HasSubstr;
using tests::Safetensors;

const std::vector<float> kQuery = random_values(std::size_t{16} * 16, 1);
const std::vector<float> kKey = random_values(std::size_t{16} * 16, 2);
const std::vector<float> kValue = random_values(std::size_t{16} * 16, 3);
const std::vector<float> kOutput = random_values(std::size_t{16} * 16, 4);

std::vector<float> joined(const std::vector<std::vector<float>>& parts) {
  std::vector<float> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Safetensors apart() {
  return Safetensors()
      .f32("model.layers.0.self_attn.q_proj.weight", {16, 16}, kQuery)
      .f32("model.layers.0.self_attn.k_proj.weight", {16, 16}, kKey)
      .f32("model.layers.0.self_attn.v_proj.weight", {16, 16}, kValue)
      .f32("model.layers.0.self_attn.o_proj.weight", {16, 16}, kOutput)
      .f32("model.norm.weight", {16}, std::vector<float>(16, 1.0F));
}

Safetensors fused() {
  return Safetensors()
      .f32("model.layers.0.self_attn.qkv_proj.weight", {48, 16}, joined({kQuery, kKey, kValue}))
      .f32("model.layers.0.self_attn.o_proj.weight", {16, 16}, kOutput)
      .f32("model.norm.weight", {16}, std::vector<float>(16, 1.0F));
}

TEST(MergeSites, PairFusedWithSeparateMatrices) {
  const model::Checkpoint child = opened(fused()), candidate = opened(apart());
  const std::array<const model::Checkpoint*, 1> candidates{&candidate};
  const MergeSites sites = merge_sites(child, candidates);
  EXPECT_EQ(sites.core_count(), 4U);
  ASSERT_EQ(sites.sites.size(), 5U);
  EXPECT_EQ(sites.sites.back().module, "final_norm");
  EXPECT_FALSE(sites.obstacles[0].has_value());
  const auto sums = read_merge_sums(child, candidates, sites, {});
  ASSERT_TRUE(sums);
  for (const SiteSums& site : *sums) {
    EXPECT_EQ(site.gram.at(0, 0), 0);
    EXPECT_GT(site.gram.child_square(), 0);
  }
}

TEST(MergeSites, SayWhatACandidateLacks) {
  const model::Checkpoint child = opened(apart());
  const model::Checkpoint other =
      opened(Safetensors().f32("model.layers.0.self_attn.q_proj.weight", {16, 16}, kQuery));
  const model::Checkpoint empty;
  const MergeSites sites = merge_sites(child, std::array{&other, &empty});
  EXPECT_THAT(sites.obstacles[0].value_or(""), HasSubstr("3 of the child's 4 layer matrices"));
  EXPECT_THAT(sites.obstacles[1].value_or(""), HasSubstr("no weights"));
}

TEST(MergeSums, AreThoseOfTheDifferences) {
  const model::Checkpoint child =
      opened(Safetensors().f32("model.layers.0.mlp.up_proj.weight", {2, 2}, {1, 2, 3, 4}));
  const model::Checkpoint candidate =
      opened(Safetensors().f32("model.layers.0.mlp.up_proj.weight", {2, 2}, {2, 2, 5, 3}));
  const std::array<const model::Checkpoint*, 1> candidates{&candidate};
  const auto sums = read_merge_sums(child, candidates, merge_sites(child, candidates), {});
  ASSERT_TRUE(sums);
  const MergeGram& gram = sums->at(0).gram;
  EXPECT_EQ(gram.elements, 4U);
  EXPECT_EQ(gram.at(0, 0), 1 + 0 + 4 + 1);
  EXPECT_EQ(gram.at(0, 1), -1 - 0 - 6 + 4);
  EXPECT_EQ(gram.at(1, 0), gram.at(0, 1));
  EXPECT_EQ(gram.child_square(), 1 + 4 + 9 + 16);
  EXPECT_EQ(sums->at(0).elements.child, (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(sums->at(0).elements.models[0], (std::vector<float>{2, 2, 5, 3}));
}

TEST(MergeSums, ExpectTheRoundingOfTheCoarsestType) {
  const std::vector<float> values(64, 1.0F);
  const model::Checkpoint child =
      opened(Safetensors().f32("model.layers.0.mlp.up_proj.weight", {8, 8}, values));
  const model::Checkpoint coarse =
      opened(Safetensors().bf16("model.layers.0.mlp.up_proj.weight", {8, 8}, values));
  const std::array<const model::Checkpoint*, 1> candidates{&coarse};
  const auto sums = read_merge_sums(child, candidates, merge_sites(child, candidates), {});
  ASSERT_TRUE(sums);
  // A unit in the last place of 1 is 2^-7 in bfloat16 and 2^-23 in f32.
  EXPECT_DOUBLE_EQ(sums->at(0).rounding(std::array<std::size_t, 1>{0}),
                   64 * std::ldexp(1.0, -14) / 12);
  EXPECT_DOUBLE_EQ(sums->at(0).rounding({}), 64 * std::ldexp(1.0, -46) / 12);
}

TEST(UnitInLastPlace, DependsOnTheBinade) {
  EXPECT_EQ(unit_in_last_place(1.0F, 8), std::ldexp(1.0, -7));
  EXPECT_EQ(unit_in_last_place(-1.99F, 8), std::ldexp(1.0, -7));
  EXPECT_EQ(unit_in_last_place(2.0F, 8), std::ldexp(1.0, -6));
  EXPECT_EQ(unit_in_last_place(0.0F, 8), 0);
}

}  // namespace
}  // namespace prov::forensics
