// The converter is llama.cpp's; what it does is written here a second time, forwards.
#include "model/gguf/conversion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "model/row_reader.hpp"
#include "support/gguf_builder.hpp"
#include "support/temp_folder.hpp"

namespace prov::model {
namespace {

using tests::Gguf;
using Values = std::vector<float>;

Checkpoint opened(const Gguf& file) {
  tests::TempFolder folder;
  folder.write("model.gguf", file.bytes());
  auto checkpoint = open_checkpoint(*source::locate(folder.string()));
  EXPECT_TRUE(checkpoint) << checkpoint.error().to_string();
  return *std::move(checkpoint);
}

Values counting(std::size_t count) {
  Values values(count);
  std::iota(values.begin(), values.end(), 0.0F);
  return values;
}

Values read(const Checkpoint& checkpoint, std::string_view name) {
  const Tensor* tensor = checkpoint.find(name);
  if (tensor == nullptr) {
    ADD_FAILURE() << name << " is not there";
    return {};
  }
  Values values(tensor->elements());
  EXPECT_TRUE(RowReader(checkpoint, *tensor).read_elements(0, values));
  // Any part is the part of the whole.
  for (std::size_t begin = 0; begin < values.size(); begin += 5) {
    Values part(std::min<std::size_t>(7, values.size() - begin));
    EXPECT_TRUE(RowReader(checkpoint, *tensor).read_elements(begin, part));
    EXPECT_TRUE(
        std::equal(part.begin(), part.end(), values.begin() + static_cast<std::ptrdiff_t>(begin)))
        << name << " from " << begin;
  }
  return values;
}

/// Rows of `values` in the order `rows`.
Values rows_in_order(const Values& values, std::size_t width,
                     const std::vector<std::size_t>& rows) {
  Values result;
  for (std::size_t row : rows) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(row * width);
    result.insert(result.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
  }
  return result;
}

/// llama.cpp: reshape(heads, 2, size / 2).swapaxes(1, 2).
std::vector<std::size_t> rotary_order(std::size_t heads, std::size_t size) {
  std::vector<std::size_t> rows;
  for (std::size_t head = 0; head < heads; ++head) {
    for (std::size_t i = 0; i < size / 2; ++i) {
      for (std::size_t half = 0; half < 2; ++half)
        rows.push_back(head * size + half * size / 2 + i);
    }
  }
  return rows;
}

TEST(GgufConversion, LlamaQueriesAndKeysGetTheirRowsBack) {
  const Values query = counting(8 * 3), key = counting(4 * 3), bias = counting(8);
  Gguf file;
  file.text("general.architecture", "llama")
      .u32("llama.attention.head_count", 2)
      .u32("llama.attention.head_count_kv", 1)
      .f32("blk.3.attn_q.weight", {8, 3}, rows_in_order(query, 3, rotary_order(2, 4)))
      .f32("blk.3.attn_q.bias", {8}, rows_in_order(bias, 1, rotary_order(2, 4)))
      .f32("blk.3.attn_k.weight", {4, 3}, rows_in_order(key, 3, rotary_order(1, 4)))
      .f32("blk.3.attn_v.weight", {4, 3}, key);
  const Checkpoint checkpoint = opened(file);
  EXPECT_EQ(read(checkpoint, "model.layers.3.self_attn.q_proj.weight"), query);
  EXPECT_EQ(read(checkpoint, "model.layers.3.self_attn.q_proj.bias"), bias);
  EXPECT_EQ(read(checkpoint, "model.layers.3.self_attn.k_proj.weight"), key);
  EXPECT_EQ(read(checkpoint, "model.layers.3.self_attn.v_proj.weight"), key);
  EXPECT_EQ(checkpoint.find("model.layers.3.self_attn.q_proj.weight")->role.kind, RoleKind::query);
  EXPECT_THAT(checkpoint.warnings, testing::IsEmpty());
}

TEST(GgufConversion, QwenKeepsItsRows) {
  Gguf file;
  file.text("general.architecture", "qwen2")
      .u32("qwen2.attention.head_count", 2)
      .f32("blk.0.attn_q.weight", {8, 3}, counting(24));
  EXPECT_EQ(read(opened(file), "model.layers.0.self_attn.q_proj.weight"), counting(24));
}

TEST(GgufConversion, HeadsMayDifferFromLayerToLayer) {
  const Values query = counting(8);
  Gguf file;
  file.text("general.architecture", "llama")
      .whole_numbers("llama.attention.head_count", {1, 2})
      .f32("blk.0.attn_q.weight", {8, 1}, rows_in_order(query, 1, rotary_order(1, 8)))
      .f32("blk.1.attn_q.weight", {8, 1}, rows_in_order(query, 1, rotary_order(2, 4)));
  const Checkpoint checkpoint = opened(file);
  EXPECT_EQ(read(checkpoint, "model.layers.0.self_attn.q_proj.weight"), query);
  EXPECT_EQ(read(checkpoint, "model.layers.1.self_attn.q_proj.weight"), query);
}

TEST(GgufConversion, RowsThatNoHeadCountExplainsStayWithAWarning) {
  for (std::uint32_t heads : {0u, 3u, 8u, 0xffffffffu}) {
    Gguf file;
    file.text("general.architecture", "llama")
        .u32("llama.attention.head_count", heads)
        .f32("blk.0.attn_q.weight", {8, 1}, counting(8));
    const Checkpoint checkpoint = opened(file);
    EXPECT_EQ(read(checkpoint, "model.layers.0.self_attn.q_proj.weight"), counting(8));
    EXPECT_THAT(checkpoint.warnings, testing::ElementsAre(testing::HasSubstr("head_count")));
  }
}

TEST(GgufConversion, GemmasGainsLoseTheOne) {
  Gguf file;
  file.text("general.architecture", "gemma3")
      .f32("output_norm.weight", {3}, {1.5F, 0.75F, 1})
      .f32("blk.0.post_ffw_norm.weight", {2}, {1, 3})
      .f32("token_embd.weight", {1, 2}, {5, 6});
  const Checkpoint checkpoint = opened(file);
  EXPECT_EQ(read(checkpoint, "model.norm.weight"), (Values{0.5F, -0.25F, 0}));
  EXPECT_EQ(read(checkpoint, "model.layers.0.post_feedforward_layernorm.weight"), (Values{0, 2}));
  EXPECT_EQ(read(checkpoint, "model.embed_tokens.weight"), (Values{5, 6}));
}

TEST(GgufConversion, StacksOfExpertsComeApart) {
  Gguf file;
  file.text("general.architecture", "llama")
      .f32("blk.0.ffn_gate_exps.weight", {3, 2, 2}, counting(12))
      .f32("blk.0.ffn_gate_inp.weight", {3, 2}, counting(6));
  const Checkpoint checkpoint = opened(file);
  EXPECT_EQ(checkpoint.tensors.size(), 4u);
  EXPECT_EQ(read(checkpoint, "model.layers.0.block_sparse_moe.experts.0.w1.weight"),
            (Values{0, 1, 2, 3}));
  EXPECT_EQ(read(checkpoint, "model.layers.0.block_sparse_moe.experts.2.w1.weight"),
            (Values{8, 9, 10, 11}));
  EXPECT_EQ(read(checkpoint, "model.layers.0.block_sparse_moe.gate.weight"), counting(6));
}

TEST(GgufConversion, FusedAttentionIsPutTogetherGroupByGroup) {
  // Two heads of two rows. Elsewhere: q0 k0 v0 q1 k1 v1; in GGUF: q0 q1 k0 k1 v0 v1.
  Gguf neox;
  neox.text("general.architecture", "gptneox")
      .u32("gptneox.attention.head_count", 2)
      .f32("blk.0.attn_qkv.weight", {12, 1},
           rows_in_order(counting(12), 1, {0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11}));
  EXPECT_EQ(read(opened(neox), "gpt_neox.layers.0.attention.query_key_value.weight"), counting(12));
  // Four queries share two keys: q0 q1 k0 v0 q2 q3 k1 v1 elsewhere.
  Gguf falcon;
  falcon.text("general.architecture", "falcon")
      .u32("falcon.attention.head_count", 4)
      .u32("falcon.attention.head_count_kv", 2)
      .f32("blk.0.attn_qkv.weight", {8, 1},
           rows_in_order(counting(8), 1, {0, 1, 4, 5, 2, 6, 3, 7}));
  EXPECT_EQ(read(opened(falcon), "transformer.h.0.self_attention.query_key_value.weight"),
            counting(8));
}

/// llama.cpp: weight.transpose(1, 0).
Values transposed(const Values& values, std::size_t columns) {
  Values result;
  for (std::size_t column = 0; column < columns; ++column) {
    for (std::size_t i = column; i < values.size(); i += columns) result.push_back(values[i]);
  }
  return result;
}

TEST(GgufConversion, Conv1DMatricesOfGpt2AreTransposedBack) {
  Gguf file;
  file.text("general.architecture", "gpt2")
      .f32("blk.0.attn_qkv.weight", {12, 4}, transposed(counting(48), 12))
      .f32("blk.0.attn_qkv.bias", {12}, counting(12))
      .f32("blk.0.ffn_up.weight", {16, 4}, transposed(counting(64), 16))
      .f32("position_embd.weight", {3, 4}, counting(12));
  const Checkpoint checkpoint = opened(file);
  EXPECT_EQ(read(checkpoint, "transformer.h.0.attn.c_attn.weight"), counting(48));
  EXPECT_EQ(read(checkpoint, "transformer.h.0.attn.c_attn.bias"), counting(12));
  EXPECT_EQ(read(checkpoint, "transformer.h.0.mlp.c_fc.weight"), counting(64));
  EXPECT_EQ(read(checkpoint, "transformer.wpe.weight"), counting(12));
  const Tensor& qkv = *checkpoint.find("transformer.h.0.attn.c_attn.weight");
  EXPECT_THAT(qkv.info.shape, testing::ElementsAre(4, 12));
  EXPECT_EQ(qkv.role.layout, Layout::stacked_transposed);
}

/// Two heads of three rows for keys and two for values, rank 4; as [2, 5, 4].
TEST(GgufConversion, TheHalvesOfLatentAttentionAreJoined) {
  const Values whole = counting(2 * 5 * 4);
  Values keys, values;
  for (std::size_t head = 0; head < 2; ++head) {
    const auto begin = whole.begin() + static_cast<std::ptrdiff_t>(head * 20);
    const Values turned = transposed(Values(begin, begin + 12), 4);
    keys.insert(keys.end(), turned.begin(), turned.end());
    values.insert(values.end(), begin + 12, begin + 20);
  }
  Gguf file;
  file.text("general.architecture", "deepseek2")
      .f32("blk.1.attn_k_b.weight", {2, 4, 3}, keys)
      .f32("blk.1.attn_v_b.weight", {2, 2, 4}, values);
  const Checkpoint checkpoint = opened(file);
  ASSERT_EQ(checkpoint.tensors.size(), 1u);
  EXPECT_EQ(read(checkpoint, "model.layers.1.self_attn.kv_b_proj.weight"), whole);
  EXPECT_THAT(checkpoint.tensors[0].info.shape, testing::ElementsAre(10, 4));
  EXPECT_EQ(checkpoint.tensors[0].info.bytes, 160u);
  EXPECT_EQ(checkpoint.tensors[0].role.kind, RoleKind::kv_up);
}

TEST(GgufConversion, HalvesThatDoNotFitStayAsTheyAre) {
  Gguf file;
  file.text("general.architecture", "deepseek2")
      .f32("blk.0.attn_k_b.weight", {2, 4, 3}, counting(24))
      .f32("blk.0.attn_v_b.weight", {2, 2, 3}, counting(12))
      .f32("blk.1.attn_kv_b.weight", {10, 4}, counting(40))
      .f32("blk.1.attn_k_b.weight", {2, 4, 3}, counting(24))
      .f32("blk.1.attn_v_b.weight", {2, 2, 4}, counting(16));
  const Checkpoint checkpoint = opened(file);
  EXPECT_EQ(checkpoint.tensors.size(), 5u);
  EXPECT_EQ(read(checkpoint, "model.layers.0.self_attn.k_b_proj.weight"), counting(24));
  EXPECT_EQ(read(checkpoint, "model.layers.1.self_attn.kv_b_proj.weight"), counting(40));
}

TEST(GgufConversion, AnUnknownArchitectureIsSaid) {
  Gguf file;
  file.text("general.architecture", "no\x1bsuch").f32("blk.0.ffn_up.weight", {2, 2}, counting(4));
  const Checkpoint checkpoint = opened(file);
  EXPECT_EQ(read(checkpoint, "model.layers.0.mlp.up_proj.weight"), counting(4));
  EXPECT_THAT(checkpoint.warnings, testing::ElementsAre(testing::HasSubstr("is not known")));
}

TEST(GgufConversion, TwoNamesOfOneTensorAreRefused) {
  Gguf file;
  file.text("general.architecture", "llama")
      .f32("output_norm.weight", {1}, {1})
      .f32("model.norm.weight", {1}, {2});
  tests::TempFolder folder;
  folder.write("model.gguf", file.bytes());
  const auto checkpoint = open_checkpoint(*source::locate(folder.string()));
  ASSERT_FALSE(checkpoint);
  EXPECT_EQ(checkpoint.error().code, ErrorCode::duplicate);
}

TEST(GgufConversion, SplitFilesAreOneModelAndKnowTheirNumbers) {
  const auto shard = [](std::uint16_t number, std::uint16_t count, const char* name) {
    Gguf file;
    if (number == 0) file.text("general.architecture", "llama");
    file.u16("split.no", number).u16("split.count", count).f32(name, {1}, {1});
    return file.bytes();
  };
  tests::TempFolder folder;
  folder.write("m-00001-of-00002.gguf", shard(0, 2, "output_norm.weight"));
  folder.write("m-00002-of-00002.gguf", shard(1, 2, "blk.0.attn_norm.weight"));
  for (const std::string& reference :
       {folder.string(), (folder.path() / "m-00001-of-00002.gguf").string()}) {
    const auto checkpoint = open_checkpoint(*source::locate(reference));
    ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
    EXPECT_EQ(checkpoint->tensors.size(), 2u);
    EXPECT_NE(checkpoint->find("model.layers.0.input_layernorm.weight"), nullptr);
  }
  folder.write("m-00002-of-00002.gguf", shard(0, 2, "blk.0.attn_norm.weight"));
  auto checkpoint = open_checkpoint(*source::locate(folder.string()));
  ASSERT_FALSE(checkpoint);
  EXPECT_EQ(checkpoint.error().field, "split.no");
  folder.write("m-00002-of-00002.gguf", shard(1, 3, "blk.0.attn_norm.weight"));
  checkpoint = open_checkpoint(*source::locate(folder.string()));
  ASSERT_FALSE(checkpoint);
  EXPECT_EQ(checkpoint.error().field, "split.count");
}

}  // namespace
}  // namespace prov::model
