#include "signals/nlf.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace prov::signals {
namespace {

model::Tensor tensor(std::string name, std::vector<std::uint64_t> shape) {
  model::Tensor result;
  result.info.name = std::move(name);
  result.info.shape = std::move(shape);
  return result;
}

TEST(Nlf, TakesVectorsOf64ElementsWithANormName) {
  EXPECT_TRUE(belongs_to_nlf(tensor("layers.0.input_layernorm.weight", {64})));
  EXPECT_FALSE(belongs_to_nlf(tensor("layers.0.input_layernorm.weight", {63})));
  EXPECT_FALSE(belongs_to_nlf(tensor("layers.0.input_layernorm.weight", {64, 1})));
  EXPECT_FALSE(belongs_to_nlf(tensor("layers.0.q_proj.weight", {64})));
}

TEST(Nlf, KeepsValuesOfEqualLengthAndElseStatistics) {
  const std::vector<std::size_t> equal = {3, 3}, unequal = {2, 4};
  EXPECT_EQ(make_nlf({1, 2, 3, 4, 5, 6}, equal).values, (std::vector<float>{1, 2, 3, 4, 5, 6}));
  const NlfRecord statistics = make_nlf({1, 3, 2, 2, 6, 6}, unequal);
  EXPECT_EQ(statistics.mode, NlfMode::statistics);
  EXPECT_EQ(statistics.tensors, 2u);
  EXPECT_EQ(statistics.values, (std::vector<float>{2, 1, 3, 1, 4, 2, 6, 2}));
}

TEST(Nlf, SaysWhyItIsMissing) {
  EXPECT_NE(make_nlf({}, {}).missing, "");
  const std::vector<std::size_t> one = {1};
  EXPECT_NE(make_nlf({std::numeric_limits<float>::quiet_NaN()}, one).missing, "");
}

TEST(NlfSimilarity, IsACosineOfEqualVectors) {
  const NlfRecord a{.tensors = 1, .values = {1, 0, 1, 0}, .missing = {}},
      b{.tensors = 1, .values = {1, 1, 0, 0}, .missing = {}};
  EXPECT_EQ(nlf_similarity(a, a), 1.0);
  EXPECT_EQ(nlf_similarity(a, b), 0.5);
  const NlfRecord opposite{.tensors = 1, .values = {-1, 0, -1, 0}, .missing = {}};
  EXPECT_EQ(nlf_similarity(a, opposite), 0.0);
  EXPECT_FALSE(nlf_similarity(a, NlfRecord{}));
}

TEST(NlfSimilarity, TurnsUnequalVectorsIntoStatistics) {
  // Vector of section 7.1: 0..8 in three parts.
  const NlfRecord direct{.tensors = 3, .values = {0, 1, 2, 3, 4, 5, 6, 7, 8}, .missing = {}};
  const NlfRecord statistics{.mode = NlfMode::statistics,
                             .tensors = 3,
                             .values = {1, .8165f, 2, 0, 4, .8165f, 5, 3, 7, .8165f, 8, 6},
                             .missing = {}};
  EXPECT_EQ(nlf_similarity(direct, statistics), 1.0);
  EXPECT_EQ(nlf_similarity(statistics, direct), 1.0);
  const NlfRecord longer{
      .tensors = 3, .values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, .missing = {}};
  const auto similarity = nlf_similarity(direct, longer);
  ASSERT_TRUE(similarity);
  EXPECT_GT(*similarity, 0.98);
  EXPECT_LT(*similarity, 1.0);
}

}  // namespace
}  // namespace prov::signals
