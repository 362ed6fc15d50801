#include "signals/lep.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace prov::signals {
namespace {

model::Tensor tensor(std::string name, std::vector<std::uint64_t> shape) {
  model::Tensor result;
  result.info.name = std::move(name);
  result.info.shape = std::move(shape);
  return result;
}

TEST(Lep, SumsNormsByLayerAndDividesByTheLargest) {
  LepBuilder builder;
  builder.add(tensor("layers.0.a.weight", {2, 2}), 2);
  builder.add(tensor("layers.0.b.weight", {2, 2}), 3);
  builder.add(tensor("layers.3.a.weight", {2, 2}), 10);
  builder.add(tensor("lm_head.weight", {2, 2}), 1e6f);
  EXPECT_EQ(builder.finish().profile, (std::vector<double>{0.5, 0, 0, 1}));
}

TEST(Lep, LetsLongVectorsOnlyExist) {
  LepBuilder builder;
  builder.add(tensor("layers.0.a.weight", {2, 2}), 2);
  builder.add(tensor("layers.1.bias", {1024}), 3);
  builder.add(tensor("layers.2.bias", {1023}), 3);
  EXPECT_EQ(builder.finish().profile, (std::vector<double>{1, 0}));
}

TEST(Lep, SaysWhyItIsMissing) {
  EXPECT_NE(LepBuilder().finish().missing, "");
  LepBuilder builder;
  builder.add(tensor("layers.0.a.weight", {2, 2}), INFINITY);
  EXPECT_TRUE(builder.finish().profile.empty());
  EXPECT_NE(builder.finish().missing, "");
}

LepRecord profile(std::vector<double> values) {
  return {.profile = std::move(values), .missing = {}};
}

TEST(LepSimilarity, IsAMappedCorrelation) {
  EXPECT_EQ(lep_similarity(profile({.1, .5, 1}), profile({.2, .6, 1.1})), 1.0);
  EXPECT_EQ(lep_similarity(profile({.1, .5, .9}), profile({.9, .5, .1})), 0.0);
  EXPECT_EQ(lep_similarity(profile({1, 0, 1, 0}), profile({1, 1, 0, 0})), 0.5);
}

TEST(LepSimilarity, InterpolatesTheLongerProfile) {
  // At 3 points the five values are 0, .5, 1: a straight line.
  EXPECT_EQ(lep_similarity(profile({0, .9, .5, .1, 1}), profile({.2, .3, .4})), 1.0);
  // At 4 points: 0, 1/3, 2/3, 1 of three values give 0, .2/3*2, ...
  EXPECT_EQ(lep_similarity(profile({0, .3, .6, 1}), profile({0, .45, 1})), 1.0);
}

TEST(LepSimilarity, NeedsTwoLayersThatDiffer) {
  EXPECT_FALSE(lep_similarity(profile({1}), profile({1, .5})));
  EXPECT_FALSE(lep_similarity(profile({1, 1, 1}), profile({1, .5, .1})));
  EXPECT_FALSE(lep_similarity(profile({}), profile({1, .5})));
}

}  // namespace
}  // namespace prov::signals
