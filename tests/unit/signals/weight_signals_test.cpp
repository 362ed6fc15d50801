#include "signals/weight_signals.hpp"

#include <gtest/gtest.h>

#include <cmath>
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

Result<WeightSignals> signals_of(const Safetensors& file, std::uint64_t wvc_subsample = 64) {
  const tests::TempFolder folder;
  folder.write("model.safetensors", file.bytes());
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

}  // namespace
}  // namespace prov::signals
