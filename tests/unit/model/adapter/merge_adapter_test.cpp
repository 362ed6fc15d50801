#include "model/adapter/merge_adapter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "model/row_reader.hpp"
#include "support/checkpoint_builder.hpp"

namespace prov::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::Safetensors;
using tests::TempFolder;

constexpr const char* kQuery = "model.layers.0.self_attn.q_proj";
constexpr const char* kPeft = "base_model.model.";

std::string factor(const std::string& module, const std::string& part) {
  return kPeft + module + "." + part;
}

Checkpoint opened(const Safetensors& file) {
  TempFolder folder;
  folder.write("model.safetensors", file.bytes());
  auto checkpoint = open_checkpoint(*source::locate(folder.string()));
  EXPECT_TRUE(checkpoint) << checkpoint.error().to_string();
  return *std::move(checkpoint);
}

/// q_proj is 2 x 3, an embedding of 4 tokens.
Safetensors base() {
  Safetensors file;
  file.f32("model.layers.0.self_attn.q_proj.weight", {2, 3}, {1, 2, 3, 4, 5, 6});
  file.f32("model.embed_tokens.weight", {4, 2}, {0, 1, 2, 3, 4, 5, 6, 7});
  file.f32("model.norm.weight", {2}, {1, 1});
  return file;
}

Safetensors adapter() {
  Safetensors file;
  file.f32(factor(kQuery, "lora_A.weight"), {1, 3}, {1, 0, -1});
  file.f32(factor(kQuery, "lora_B.weight"), {2, 1}, {2, 3});
  return file;
}

AdapterConfig config(double rank = 1, double alpha = 2) {
  AdapterConfig config{
      .type = "LORA", .base_model = "base", .rank_pattern = {}, .alpha_pattern = {}};
  config.rank = rank;
  config.alpha = alpha;
  return config;
}

std::vector<float> values(const Checkpoint& checkpoint, std::string_view name) {
  const Tensor* const tensor = checkpoint.find(name);
  EXPECT_NE(tensor, nullptr) << name;
  if (tensor == nullptr) return {};
  std::vector<float> all(tensor->elements());
  const auto status = RowReader(checkpoint, *tensor).read_elements(0, all);
  EXPECT_TRUE(status) << status.error().to_string();
  return all;
}

AdapterMerge merged(const Safetensors& below, const Safetensors& above, const AdapterConfig& how) {
  auto merge = merge_adapter(opened(below), opened(above), how);
  EXPECT_TRUE(merge) << merge.error().to_string();
  return *std::move(merge);
}

TEST(MergeAdapter, AddsTheScaledProductAndLeavesTheRest) {
  const AdapterMerge merge = merged(base(), adapter(), config());
  EXPECT_EQ(merge.misfit, "");
  // scale 2, B A = [[2, 0, -2], [3, 0, -3]]
  EXPECT_THAT(values(merge.merged, "model.layers.0.self_attn.q_proj.weight"),
              ElementsAre(5, 2, -1, 10, 5, 0));
  EXPECT_THAT(values(merge.merged, "model.norm.weight"), ElementsAre(1, 1));
  ASSERT_EQ(merge.updates.size(), 1u);
  EXPECT_EQ(merge.updates[0].module, kQuery);
  EXPECT_EQ(merge.updates[0].rank(), 1u);
  EXPECT_EQ(merge.merged.find("model.layers.0.self_attn.q_proj.weight")->role.kind,
            RoleKind::query);
}

TEST(MergeAdapter, WhatIsAdaptedHasNoStoredPartsAnyMore) {
  Checkpoint packed = opened(base());
  for (Tensor& tensor : packed.tensors) tensor.parts = {tensor};
  const auto merge = merge_adapter(std::move(packed), opened(adapter()), config());
  ASSERT_TRUE(merge);
  EXPECT_TRUE(merge->merged.find("model.layers.0.self_attn.q_proj.weight")->parts.empty());
  EXPECT_FALSE(merge->merged.find("model.norm.weight")->parts.empty());
}

TEST(MergeAdapter, ReadsAnyRowsOfTheMergedMatrix) {
  const AdapterMerge merge = merged(base(), adapter(), config());
  std::vector<float> row(2);
  ASSERT_TRUE(RowReader(merge.merged, *merge.merged.find("model.layers.0.self_attn.q_proj.weight"))
                  .read_elements(4, row));
  EXPECT_THAT(row, ElementsAre(5, 0));
}

TEST(MergeAdapter, TheUpdateAloneIsReadAtTheChosenPlaces) {
  const AdapterMerge merge = merged(base(), adapter(), config());
  const std::uint64_t lines[] = {1}, columns[] = {0, 2};
  const auto block = read_update(merge.merged, merge.updates[0], lines, columns);
  ASSERT_TRUE(block);
  EXPECT_THAT(block->values, ElementsAre(6, -6));
}

TEST(MergeAdapter, RanksAndScalesMayDifferByModule) {
  AdapterConfig how = config(4, 8);
  how.rank_pattern = {{"q_proj", 1}};
  how.alpha_pattern = {{"self_attn.q_proj", 3}};
  EXPECT_EQ(how.scale_of("model.layers.0.self_attn.k_proj"), 2);
  EXPECT_EQ(how.scale_of("model.layers.0.self_attn.my_q_proj"), 2) << "names end at points";
  EXPECT_THAT(
      values(merged(base(), adapter(), how).merged, "model.layers.0.self_attn.q_proj.weight"),
      ElementsAre(7, 2, -3, 13, 5, -3));
  how.rank_stabilised = true;
  EXPECT_EQ(how.scale_of("model.layers.0.self_attn.k_proj"), 4);
}

TEST(MergeAdapter, DoraScalesEachOutputToItsMagnitude) {
  Safetensors file = adapter();
  file.f32(factor(kQuery, "lora_magnitude_vector"), {2}, {1, 10});
  AdapterConfig how = config();
  how.weight_decomposed = true;
  const auto weights =
      values(merged(base(), file, how).merged, "model.layers.0.self_attn.q_proj.weight");
  const float norms[] = {std::sqrt(30.0F), std::sqrt(125.0F)};
  const float expected[] = {5, 2, -1, 10, 5, 0};
  const float magnitudes[] = {1, 10};
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_FLOAT_EQ(weights[i], expected[i] * magnitudes[i / 3] / norms[i / 3]);
}

TEST(MergeAdapter, EmbeddingsAndConv1dAreUpdatedTransposed) {
  Safetensors file;
  file.f32(factor("model.embed_tokens", "lora_embedding_A"), {1, 4}, {1, 0, 0, 2});
  file.f32(factor("model.embed_tokens", "lora_embedding_B"), {2, 1}, {1, -1});
  EXPECT_THAT(values(merged(base(), file, config()).merged, "model.embed_tokens.weight"),
              ElementsAre(2, -1, 2, 3, 4, 5, 10, 3));

  Safetensors conv;
  conv.f32("h.0.attn.c_attn.weight", {2, 3}, {0, 0, 0, 0, 0, 0});
  Safetensors above;
  above.f32(factor("transformer.h.0.attn.c_attn", "lora_A.weight"), {1, 2}, {1, 2});
  above.f32(factor("transformer.h.0.attn.c_attn", "lora_B.weight"), {3, 1}, {1, 10, 100});
  AdapterConfig how = config(1, 1);
  how.fan_in_fan_out = true;
  EXPECT_THAT(values(merged(conv, above, how).merged, "h.0.attn.c_attn.weight"),
              ElementsAre(1, 10, 100, 2, 20, 200));
}

TEST(MergeAdapter, TensorsThatAreSavedWholeReplaceThoseOfTheBase) {
  Safetensors file = adapter();
  file.f32(factor("model", "norm.modules_to_save.default.weight"), {2}, {7, 8});
  file.f32(factor("lm_head", "weight"), {4, 2}, std::vector<float>(8, 9));
  const AdapterMerge merge = merged(base(), file, config());
  EXPECT_EQ(merge.misfit, "");
  EXPECT_THAT(values(merge.merged, "model.norm.weight"), ElementsAre(7, 8));
  EXPECT_THAT(values(merge.merged, "lm_head.weight"), testing::Each(9)) << "the base ties its head";
  EXPECT_THAT(merge.replaced, ElementsAre("lm_head.weight", "model.norm.weight"));
}

TEST(MergeAdapter, AnotherBaseIsAMisfitThatNamesTheModule) {
  Safetensors wider;
  wider.f32("model.layers.0.self_attn.q_proj.weight", {2, 4}, std::vector<float>(8, 1));
  EXPECT_THAT(merged(wider, adapter(), config()).misfit,
              HasSubstr("1 of its 1 modules do not fit: model.layers.0.self_attn.q_proj is [2, 4], "
                        "the adapter is made for [2, 3]"));
  Safetensors other;
  other.f32("h.0.attn.c_attn.weight", {2, 3}, std::vector<float>(6, 1));
  EXPECT_THAT(merged(other, adapter(), config()).misfit, HasSubstr("q_proj is not there"));
}

void expect_error(const Safetensors& file, const AdapterConfig& how, ErrorCode code,
                  const std::string& field, const std::string& words) {
  const auto merge = merge_adapter(opened(base()), opened(file), how);
  ASSERT_FALSE(merge) << words;
  EXPECT_EQ(merge.error().code, code) << merge.error().to_string();
  EXPECT_EQ(merge.error().field, field);
  EXPECT_THAT(merge.error().to_string(), HasSubstr(words));
}

TEST(MergeAdapter, DamagedAdaptersAreErrors) {
  Safetensors half;
  half.f32(factor(kQuery, "lora_A.weight"), {1, 3}, {1, 0, -1});
  expect_error(half, config(), ErrorCode::not_found, factor(kQuery, "lora_A.weight"), "missing");

  Safetensors ranks = half;
  ranks.f32(factor(kQuery, "lora_B.weight"), {2, 2}, {1, 2, 3, 4});
  expect_error(ranks, config(), ErrorCode::size_mismatch, factor(kQuery, "lora_B.weight"),
               "[2, 2] and [1, 3]");
  expect_error(adapter(), config(4), ErrorCode::size_mismatch, factor(kQuery, "lora_A.weight"),
               "its rank is 1, adapter_config.json says 4");

  Safetensors odd = adapter();
  odd.f32(factor(kQuery, "lora_C.weight"), {1}, {1});
  expect_error(odd, config(), ErrorCode::unsupported, factor(kQuery, "lora_C.weight"), "not known");

  AdapterConfig dora = config();
  dora.weight_decomposed = true;
  expect_error(adapter(), dora, ErrorCode::not_found, factor(kQuery, "lora_A.weight"), "magnitude");
  Safetensors magnitudes = adapter();
  magnitudes.f32(factor(kQuery, "lora_magnitude_vector"), {3}, {1, 1, 1});
  expect_error(magnitudes, dora, ErrorCode::size_mismatch, factor(kQuery, "lora_magnitude_vector"),
               "one magnitude an output");
}

}  // namespace
}  // namespace prov::model
