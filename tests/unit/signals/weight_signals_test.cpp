#include "signals/weight_signals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "source/snapshot.hpp"
#include "support/checkpoint_builder.hpp"

namespace prov::signals {
namespace {

using tests::Safetensors;

std::vector<float> wave(std::size_t count, float step) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = std::sin(step * static_cast<float>(i));
  return values;
}

Result<WeightSignals> signals_of(const Safetensors& file, std::uint64_t wvc_subsample = 64,
                                 const std::string& config = {}) {
  const tests::TempFolder folder;
  folder.write("model.safetensors", file.bytes());
  if (!config.empty()) folder.write("config.json", tests::bytes_of(config));
  const auto checkpoint = model::open_checkpoint(*source::locate(folder.string()));
  const auto first_rows = [](std::uint64_t rows) {
    std::vector<std::uint32_t> ids(std::min<std::uint64_t>(rows, 32));
    std::iota(ids.begin(), ids.end(), 0u);
    return ids;
  };
  return read_weight_signals(*checkpoint,
                             {.select_anchors = first_rows, .wvc_subsample = wvc_subsample});
}

Safetensors small_model(const std::vector<float>& embedding) {
  Safetensors file;
  file.f32("model.embed_tokens.weight", {embedding.size() / 8, 8}, embedding);
  for (const char* layer : {"0", "1"}) {
    const std::string prefix = std::string("model.layers.") + layer;
    file.f32(prefix + ".self_attn.q_proj.weight", {16, 16}, wave(256, 0.1f));
    file.f32(prefix + ".mlp.down_proj.weight", {16, 16},
             wave(256, layer[0] == '0' ? 0.2f : 0.0001f));
    file.f32(prefix + ".input_layernorm.weight", {64}, wave(64, 0.3f));
  }
  return file;
}

TEST(WeightSignals, ComputesAllFive) {
  const auto signals = signals_of(small_model(wave(400, 0.7f)));
  ASSERT_TRUE(signals);
  EXPECT_EQ(signals->eas.anchors, 32u);
  EXPECT_EQ(signals->nlf.tensors, 2u);
  EXPECT_EQ(signals->nlf.values.size(), 128u);
  EXPECT_EQ(signals->lep.profile.size(), 2u);
  EXPECT_EQ(signals->lep.profile[0], 1.0);
  EXPECT_LT(signals->lep.profile[1], 1.0);
  EXPECT_TRUE(signals->end.histogram);
  // In the order of names: down_proj before q_proj, every fourth element.
  const std::vector<float> down = wave(256, 0.2f), query = wave(256, 0.1f);
  const std::vector<float>& samples = signals->wvc.layers.at(0);
  ASSERT_EQ(samples.size(), 128u);
  for (std::size_t i = 0; i < 64; ++i) {
    EXPECT_EQ(samples[i], down[4 * i]);
    EXPECT_EQ(samples[64 + i], query[4 * i]);
  }
  ASSERT_EQ(signals->tensors.size(), 7u);
  EXPECT_EQ(signals->tensors[0].role.kind, model::RoleKind::token_embedding);
}

TEST(WeightSignals, KeepEmbeddingGeometryWhenAnotherRowIsNotFinite) {
  std::vector<float> embedding = wave(400, 0.7f);
  embedding[399] = std::numeric_limits<float>::quiet_NaN();
  const auto signals = signals_of(small_model(embedding));
  ASSERT_TRUE(signals);
  EXPECT_EQ(signals->eas.anchors, 32u);
  EXPECT_FALSE(signals->end.histogram);
  EXPECT_NE(signals->end.missing.find("1 element"), std::string::npos);
  EXPECT_EQ(signals->tensors[0].non_finite, 1u);
}

TEST(WeightSignals, SayWhatIsMissing) {
  const auto none = signals_of(Safetensors().f32("x", {4}, {1, 2, 3, 4}));
  ASSERT_TRUE(none);
  EXPECT_NE(none->eas.missing, "");
  EXPECT_NE(none->end.missing, "");
  EXPECT_NE(none->nlf.missing, "");
  EXPECT_NE(none->lep.missing, "");
  EXPECT_NE(none->wvc.missing, "");

  const auto few_rows = signals_of(small_model(wave(8 * 15, 0.7f)));
  ASSERT_TRUE(few_rows);
  EXPECT_EQ(few_rows->eas.anchors, 0u);
  EXPECT_NE(few_rows->eas.missing, "");
  EXPECT_FALSE(few_rows->end.histogram);
}

TEST(WeightSignals, RefuseASubsampleOfNothing) {
  const auto result = signals_of(small_model(wave(400, 0.7f)), 0);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
}

std::vector<std::byte> words(std::uint32_t first, std::size_t count) {
  std::vector<std::byte> bytes;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t word = (first + i) * 2654435761u;
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(std::byte(word >> shift & 255));
  }
  return bytes;
}

/// Two layers whose projections are packed as GPTQ packs them.
Safetensors packed_model() {
  Safetensors file;
  file.f32("model.embed_tokens.weight", {50, 8}, wave(400, 0.7f));
  for (const std::uint32_t layer : {0u, 1u}) {
    const std::string module = "model.layers." + std::to_string(layer) + ".self_attn.q_proj";
    file.raw(module + ".qweight", format::Dtype::i32, {8, 64}, words(512 * layer, 512));
    file.raw(module + ".qzeros", format::Dtype::i32, {2, 8}, words(5000 + layer, 16));
    file.f16(module + ".scales", {2, 64}, wave(128, 0.3f + static_cast<float>(layer)));
  }
  return file;
}

std::string packed_as(const std::string& method) {
  return R"({"quantization_config": {"bits": 4, "group_size": 32, "quant_method": ")" + method +
         R"("}})";
}

TEST(WeightSignals, OfAPackedModelAreThoseOfItsWordsAndItsRecordsThoseOfItsWeights) {
  const auto packed = signals_of(packed_model(), 64, packed_as("gptq"));
  const auto unknown = signals_of(packed_model(), 64, packed_as("nobody's"));  // nothing is joined
  ASSERT_TRUE(packed && unknown);
  EXPECT_EQ(packed->lep, unknown->lep);
  EXPECT_EQ(packed->wvc, unknown->wvc);
  EXPECT_EQ(packed->eas, unknown->eas);
  EXPECT_EQ(packed->end, unknown->end);
  ASSERT_EQ(packed->wvc.layers.at(0).size(), 144u) << "64 of qweight, 16 of qzeros, 64 of scales";
  std::int32_t word = 0;
  std::memcpy(&word, words(8, 1).data(), sizeof word);
  EXPECT_EQ(packed->wvc.layers.at(0)[1], static_cast<float>(word));
  ASSERT_EQ(packed->tensors.size(), 3u);
  EXPECT_EQ(packed->tensors[1].name, "model.layers.0.self_attn.q_proj.weight");
  EXPECT_EQ(packed->tensors[1].shape, (std::vector<std::uint64_t>{64, 64}));
  EXPECT_EQ(unknown->tensors.size(), 7u);
}

/// Two layers of 4 x 64 floats of 8 bits, all .5, each line times 3.
TEST(WeightSignals, OfFloatsOfEightBitsAreThoseOfTheWeights) {
  Safetensors file;
  for (const char* layer : {"0", "1"}) {
    const std::string module = std::string("model.layers.") + layer + ".mlp.up_proj.";
    file.raw(module + "weight", format::Dtype::f8_e4m3, {4, 64},
             std::vector<std::byte>(256, std::byte{0x30}));
    file.f32(module + "weight_scale", {4, 1}, {3, 3, 3, 3});
  }
  const auto signals = signals_of(file);
  ASSERT_TRUE(signals) << signals.error().to_string();
  EXPECT_EQ(signals->wvc.layers.at(1), std::vector<float>(64, 1.5f));
  EXPECT_EQ(signals->tensors.size(), 2u);
}

}  // namespace
}  // namespace prov::signals
