// Merges of trained models: made here from the models that the repository carries.
#include "provenancekit/decompose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/merges.hpp"
#include "zoo/zoo.hpp"

namespace prov::zoo {
namespace {

using testing::HasSubstr;
using tests::Weights;

constexpr const char* kZoo = PROV_REPOSITORY "/tests/zoo/";

class TrainedMerges : public testing::Test {
 protected:
  static Weights weights_of(const std::string& name) {
    auto opened = model::open_model(kZoo + name);
    EXPECT_TRUE(opened) << opened.error().to_string();
    return tests::read_weights(opened->checkpoint);
  }

  std::string file(const std::string& name, const Weights& weights) {
    return tests::write_model(folder_, name, weights);
  }

  /// Everything of the zoo that has a family's shapes and much that has not, and a second
  /// fine-tuning.
  std::vector<std::string> candidates(const std::string& family) {
    std::vector<std::string> all;
    for (const char* name : {"qwen-a", "qwen-a-sft", "qwen-a2", "gpt2-a", "gpt2-a-sft", "gpt2-a2"})
      all.push_back(kZoo + std::string(name));
    all.push_back(file("other-sft", other_sft(family)));
    return all;
  }

  static Weights other_sft(const std::string& family) {
    return tests::shifted_tuning(weights_of(family), weights_of(family + "-sft"), 12345);
  }

  /// Weights by the last part of the reference.
  static std::map<std::string, double> weights(const Decomposition& result) {
    std::map<std::string, double> found;
    for (const std::size_t model : result.terms) {
      const std::string& reference = result.candidates[model].model.reference;
      const auto& weight = result.candidates[model].weight;
      found[reference.substr(reference.rfind('/') + 1)] = weight ? weight->value : -99;
    }
    return found;
  }

  static void expect_weights(const Decomposition& result,
                             const std::map<std::string, double>& expected) {
    const auto found = weights(result);
    ASSERT_EQ(found.size(), expected.size()) << result.reasons.front();
    for (const auto& [name, weight] : expected) {
      ASSERT_TRUE(found.contains(name)) << name;
      EXPECT_NEAR(found.at(name), weight, 0.01) << name;
    }
  }

  Decomposition run(const Weights& child, const std::string& family, const std::string& base = "") {
    DecomposeOptions options;
    options.base = base;
    auto result = decompose(file("child", child), candidates(family), options);
    EXPECT_TRUE(result) << result.error().to_string();
    return result ? *std::move(result) : Decomposition{};
  }

  tests::TempFolder folder_;
};

TEST_F(TrainedMerges, Linear) {
  for (const std::string family : {"qwen-a", "gpt2-a"}) {
    const Weights sft = weights_of(family + "-sft"), other = other_sft(family);
    const Weights child = tests::linear({{0.5, &sft}, {0.5, &other}});
    for (const std::string& base : {std::string(), kZoo + family}) {
      const Decomposition result = run(child, family, base);
      EXPECT_EQ(result.merge_operator, MergeOperator::linear) << result.reasons.front();
      expect_weights(result, {{family + "-sft", 0.5}, {"other-sft", 0.5}});
    }
  }
}

TEST_F(TrainedMerges, LinearWithAStranger) {
  const Weights a = weights_of("qwen-a"), b = weights_of("qwen-a2");
  const Decomposition result = run(tests::linear({{0.7, &a}, {0.3, &b}}), "qwen-a");
  EXPECT_EQ(result.merge_operator, MergeOperator::linear) << result.reasons.front();
  expect_weights(result, {{"qwen-a", 0.7}, {"qwen-a2", 0.3}});
}

TEST_F(TrainedMerges, Slerp) {
  // Fine-tunings lie a few hundredths of a radian apart, strangers a quarter turn.
  const Weights sft = weights_of("qwen-a-sft"), other = other_sft("qwen-a"),
                stranger = weights_of("qwen-a2");
  const Decomposition near = run(tests::slerp(sft, other, 0.35), "qwen-a");
  EXPECT_EQ(near.merge_operator, MergeOperator::slerp) << near.reasons.front();
  EXPECT_NEAR(near.t.value_or(-1), 0.35, 0.01);
  EXPECT_EQ(weights(near).size(), 2U);
  const Decomposition far = run(tests::slerp(sft, stranger, 0.6), "qwen-a");
  EXPECT_EQ(far.merge_operator, MergeOperator::slerp) << far.reasons.front();
  EXPECT_NEAR(far.t.value_or(-1), 0.6, 0.01);
}

TEST_F(TrainedMerges, TaskArithmetic) {
  const Weights base = weights_of("gpt2-a"), sft = weights_of("gpt2-a-sft"),
                other = other_sft("gpt2-a");
  const Weights child = tests::task_arithmetic(base, {{0.8, &sft}, {0.6, &other}});
  for (const std::string& given : {std::string(), kZoo + std::string("gpt2-a")}) {
    const Decomposition result = run(child, "gpt2-a", given);
    EXPECT_EQ(result.merge_operator, MergeOperator::task_arithmetic) << result.reasons.front();
    expect_weights(result, {{"gpt2-a-sft", 0.8}, {"other-sft", 0.6}, {"gpt2-a", -0.4}});
  }
}

TEST_F(TrainedMerges, TiesAndDare) {
  const Weights base = weights_of("qwen-a"), sft = weights_of("qwen-a-sft"),
                other = other_sft("qwen-a");
  const std::string given = kZoo + std::string("qwen-a");
  const Decomposition ties = run(tests::ties(base, {{1, &sft}, {1, &other}}, 0.3), "qwen-a", given);
  EXPECT_EQ(ties.merge_operator, MergeOperator::ties) << ties.reasons.front();
  EXPECT_EQ(weights(ties).size(), 3U);
  const Decomposition dare_ties =
      run(tests::dare(base, {{1, &sft}, {0.7, &other}}, 0.5, true, 1), "qwen-a", given);
  EXPECT_EQ(dare_ties.merge_operator, MergeOperator::dare_ties) << dare_ties.reasons.front();
  EXPECT_EQ(weights(dare_ties).size(), 3U);
  const Decomposition dare =
      run(tests::dare(base, {{1, &sft}, {0.7, &other}}, 0.5, false, 1), "qwen-a", given);
  EXPECT_EQ(dare.merge_operator, MergeOperator::dare) << dare.reasons.front();
}

TEST_F(TrainedMerges, Passthrough) {
  const Weights base = weights_of("qwen-a"), sft = weights_of("qwen-a-sft");
  const Decomposition result = run(tests::passthrough({{&base, 0, 2}, {&sft, 1, 3}}), "qwen-a");
  EXPECT_EQ(result.merge_operator, MergeOperator::passthrough) << result.reasons.front();
  ASSERT_EQ(result.slices.size(), 2U);
  EXPECT_EQ(result.slices[0].last, 2);
  EXPECT_EQ(result.slices[1].first, 1);
  EXPECT_EQ(result.slices[1].child_first, 3);
  EXPECT_TRUE(result.slices[1].equal);
}

TEST_F(TrainedMerges, AFineTuningHasOneParent) {
  auto result = decompose(
      kZoo + std::string("qwen-a-sft"),
      std::vector<std::string>{kZoo + std::string("qwen-a"), kZoo + std::string("qwen-a2"),
                               kZoo + std::string("gpt2-a")});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->merge_operator, MergeOperator::none) << result->reasons.front();
  EXPECT_EQ(result->candidates[0].status, CandidateStatus::parent);
  EXPECT_EQ(result->candidates[1].status, CandidateStatus::not_needed);
  EXPECT_EQ(result->candidates[2].status, CandidateStatus::not_comparable);
}

}  // namespace
}  // namespace prov::zoo
