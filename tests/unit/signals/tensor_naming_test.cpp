#include "signals/tensor_naming.hpp"

#include <gtest/gtest.h>

namespace prov::signals {
namespace {

// Examples of section 6.1.
TEST(KitCategory, TakesTheFirstRowWithAKeyword) {
  EXPECT_EQ(kit_category("h.0.self_attention.query_key_value.weight"), KitCategory::q_proj);
  EXPECT_EQ(kit_category("h.0.mlp.dense_h_to_4h.weight"), KitCategory::o_proj);
  EXPECT_EQ(kit_category("h.0.mlp.dense_4h_to_h.weight"), KitCategory::o_proj);
  EXPECT_EQ(kit_category("layers.0.self_attn.qkv_proj.weight"), KitCategory::v_proj);
  EXPECT_EQ(kit_category("layers.0.mlp.gate_up_proj.weight"), KitCategory::gate_proj);
  EXPECT_EQ(kit_category("block.0.layer.1.DenseReluDense.wo.weight"), KitCategory::o_proj);
  EXPECT_EQ(kit_category("word_embeddings.weight"), KitCategory::down_proj);
  EXPECT_EQ(kit_category("layer.0.output.LayerNorm.weight"), KitCategory::norm);
  EXPECT_EQ(kit_category("layers.0.self_attn.q_norm.weight"), KitCategory::norm);
  EXPECT_EQ(kit_category("h.0.attn.c_attn.weight"), KitCategory::other);
  EXPECT_EQ(kit_category("layers.0.attention.wqkv.weight"), KitCategory::other);
  EXPECT_EQ(kit_category("layers.0.self_attn.kv_a_proj_with_mqa.weight"), KitCategory::other);
  EXPECT_EQ(kit_category("layers.0.attention.wo.weight"), KitCategory::down_proj);
  EXPECT_EQ(kit_category("LM_HEAD.weight"), KitCategory::lm_head);
}

TEST(KitLayer, FindsTheLeftmostLayerWord) {
  EXPECT_EQ(kit_layer("encoder.block.7.layer.0.SelfAttention.q.weight"), 7u);
  EXPECT_EQ(kit_layer("bert.encoder.layer.1.output.dense.weight"), 1u);
  EXPECT_EQ(kit_layer("transformer.h.3.attn.bias"), 3u);
  EXPECT_EQ(kit_layer("patch.3.weight"), 3u);
  EXPECT_EQ(kit_layer("model.visual.blocks.3.weight"), std::nullopt);
  EXPECT_EQ(kit_layer("transformer.blocks.2.weight"), std::nullopt);
  EXPECT_EQ(kit_layer("mtp.layers.0.weight"), 0u);
  EXPECT_EQ(kit_layer("layers. 12.weight"), 12u);
  EXPECT_EQ(kit_layer("layers.x.layers.4.weight"), 4u);
}

TEST(KitLayer, NeedsADotBehindTheDigitsAndASensibleNumber) {
  EXPECT_EQ(kit_layer("layers.5"), std::nullopt);
  EXPECT_EQ(kit_layer("layers..weight"), std::nullopt);
  EXPECT_EQ(kit_layer("Layers.5.weight"), std::nullopt);
  EXPECT_EQ(kit_layer("layers.65535.weight"), 65535u);
  EXPECT_EQ(kit_layer("layers.65536.weight"), std::nullopt);
  EXPECT_EQ(kit_layer("layers.99999999999999999999999.weight"), std::nullopt);
}

TEST(KitNormName, TakesBiasesAndWhatStandsBehindAttention) {
  EXPECT_TRUE(is_kit_norm_name("model.layers.0.post_attention_layernorm.weight"));
  EXPECT_TRUE(is_kit_norm_name("h.0.ln_1.bias"));
  EXPECT_TRUE(is_kit_norm_name("encoder.LayerNorm.bias"));
  EXPECT_FALSE(is_kit_norm_name("h.0.attn.c_attn.weight"));
}

std::optional<std::size_t> embedding_of(
    std::initializer_list<std::pair<const char*, std::vector<std::uint64_t>>> list) {
  std::vector<model::Tensor> tensors(list.size());
  std::vector<const model::Tensor*> pointers;
  for (const auto& [name, shape] : list) {
    model::Tensor& tensor = tensors[pointers.size()];
    tensor.info.name = name;
    tensor.info.shape = shape;
    pointers.push_back(&tensor);
  }
  return find_kit_embedding(pointers);
}

TEST(KitEmbedding, PrefersKnownNamesThenTheFirstMatrixNamedSo) {
  EXPECT_EQ(
      embedding_of(
          {{"a.embedding", {4, 4}}, {"shared.weight", {8, 4}}, {"transformer.wte.weight", {8, 4}}}),
      2u);
  EXPECT_EQ(embedding_of({{"a.embed_norm", {4}},
                          {"b.position_embed", {4, 4}},
                          {"c.Embed", {4, 4}},
                          {"d.embed", {4, 4}}}),
            2u);
  EXPECT_EQ(embedding_of({{"a", {4, 4}}}), std::nullopt);
}

}  // namespace
}  // namespace prov::signals
