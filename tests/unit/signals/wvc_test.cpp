#include "signals/wvc.hpp"

#include <gtest/gtest.h>

namespace prov::signals {
namespace {

TEST(WvcSampling, TakesEveryNthElement) {
  EXPECT_EQ(wvc_sampling(100, 4096).count, 100u);
  EXPECT_EQ(wvc_sampling(4096, 4096).stride, 1u);
  EXPECT_EQ(wvc_sampling(8191, 4096).stride, 1u);
  EXPECT_EQ(wvc_sampling(8191, 4096).count, 4096u);
  EXPECT_EQ(wvc_sampling(4096 * 1000 + 999, 4096).stride, 1000u);
  EXPECT_EQ(wvc_sampling(~std::uint64_t{0}, 1).count, 1u);
}

TEST(Wvc, TakesMatricesOfLayersThatAreNamedLikeProjections) {
  model::Tensor tensor;
  tensor.info.shape = {8, 8};
  const auto belongs = [&](const char* name) {
    tensor.info.name = name;
    return belongs_to_wvc(tensor);
  };
  EXPECT_TRUE(belongs("model.layers.0.self_attn.q_proj.weight"));
  EXPECT_TRUE(belongs("model.layers.0.mlp.down_proj.weight"));
  EXPECT_FALSE(belongs("model.q_proj.weight"));
  EXPECT_FALSE(belongs("h.0.attn.c_attn.weight"));
  EXPECT_FALSE(belongs("layers.0.norm.weight"));
  tensor.info.shape = {64};
  EXPECT_FALSE(belongs("model.layers.0.self_attn.q_proj.bias"));
}

std::vector<float> samples(std::size_t count, float first, float rest) {
  std::vector<float> values(count, rest);
  values[0] = first;
  return values;
}

TEST(WvcSimilarity, AveragesCosinesOfCommonLayers) {
  const std::vector<float> plus(100, 1.0f), minus(100, -1.0f);
  const WvcRecord a{.layers = {{0, plus}, {1, plus}, {5, plus}}, .missing = {}};
  const WvcRecord b{.layers = {{0, plus}, {1, minus}, {7, plus}}, .missing = {}};
  EXPECT_EQ(wvc_similarity(a, a), 1.0);
  EXPECT_EQ(wvc_similarity(a, b), 0.5);  // 1 and -1, which counts as 0
  const WvcRecord longer{.layers = {{0, samples(300, 1, 1)}, {1, plus}}, .missing = {}};
  EXPECT_EQ(wvc_similarity(a, longer), 1.0);
}

TEST(WvcSimilarity, NeedsTwoLayersOf64Samples) {
  const std::vector<float> plus(100, 1.0f), few(63, 1.0f), none(100, 0.0f);
  const WvcRecord a{.layers = {{0, plus}, {1, plus}, {2, plus}}, .missing = {}};
  EXPECT_FALSE(wvc_similarity(a, WvcRecord{.layers = {{0, plus}}, .missing = {}}));
  EXPECT_FALSE(wvc_similarity(a, WvcRecord{.layers = {{0, plus}, {1, few}}, .missing = {}}));
  EXPECT_FALSE(wvc_similarity(a, WvcRecord{.layers = {{0, plus}, {1, none}}, .missing = {}}));
  EXPECT_FALSE(wvc_similarity(a, WvcRecord{}));
}

}  // namespace
}  // namespace prov::signals
