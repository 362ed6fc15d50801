// Merges of trained models: made here from the models that the repository carries.
#include "provenancekit/decompose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "model/adapter/merge_adapter.hpp"
#include "support/checkpoint_builder.hpp"
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

/// LoRA of rank 4 on queries and on the way up, as if trained on a model of the zoo.
class MergedAdapters : public TrainedMerges {
 protected:
  std::string adapter(const std::string& name, std::uint64_t seed,
                      const std::string& claim = "org/qwen-a") {
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal(0, 0.05F);
    tests::Safetensors file;
    const auto factor = [&](const std::string& part, std::uint64_t rows, std::uint64_t columns) {
      std::vector<float> values(rows * columns);
      for (float& value : values) value = normal(random);
      file.f32("base_model.model.model.layers." + part + ".weight", {rows, columns}, values);
    };
    for (int layer = 0; layer < 4; ++layer) {
      const std::string at = std::to_string(layer);
      factor(at + ".self_attn.q_proj.lora_A", 4, 128);
      factor(at + ".self_attn.q_proj.lora_B", 128, 4);
      factor(at + ".mlp.up_proj.lora_A", 4, 128);
      factor(at + ".mlp.up_proj.lora_B", 288, 4);
    }
    folder_.write(name + "/adapter_model.safetensors", file.bytes());
    folder_.write(name + "/adapter_config.json",
                  R"({"peft_type": "LORA", "r": 4, "lora_alpha": 8, "base_model_name_or_path": ")" +
                      claim + "\"}");
    return (folder_.path() / name).string();
  }

  static Weights merged(const std::string& folder) {
    auto base = model::open_model(kZoo + std::string("qwen-a"));
    auto adapter = model::open_model(folder);
    const auto config = model::read_adapter_config(adapter->snapshot);
    auto merge =
        model::merge_adapter(std::move(base->checkpoint), std::move(adapter->checkpoint), **config);
    EXPECT_TRUE(merge) << merge.error().to_string();
    EXPECT_EQ(merge->misfit, "");
    return tests::read_weights(merge->merged);
  }
};

TEST_F(MergedAdapters, AreFoundInTheirLinearMerge) {
  const std::string first = adapter("first", 1), second = adapter("second", 2),
                    absent = adapter("absent", 3), base = kZoo + std::string("qwen-a");
  const Weights of_base = weights_of("qwen-a"), of_first = merged(first),
                of_second = merged(second);
  const std::string child =
      file("child", tests::task_arithmetic(of_base, {{0.7, &of_first}, {0.5, &of_second}}));
  const std::vector<std::string> adapters{first, second, absent};
  DecomposeOptions options;
  options.base = base;
  const auto given = decompose(child, adapters, options);
  const auto named = decompose(child, std::vector<std::string>{first, second, absent, base});
  for (const auto* result : {&given, &named}) {
    ASSERT_TRUE(*result) << result->error().to_string();
    EXPECT_EQ((*result)->merge_operator, MergeOperator::task_arithmetic)
        << (*result)->reasons.front();
    expect_weights(**result, {{"first", 0.7}, {"second", 0.5}, {"qwen-a", -0.2}});
  }
  const auto& notes = given->candidates[1].model.notes;
  EXPECT_THAT(notes, testing::Contains(HasSubstr("an adapter, merged onto")));
}

TEST_F(MergedAdapters, AnAdapterMayBeTheChild) {
  const std::string child = adapter("child", 1);
  const auto result = decompose(
      child, std::vector<std::string>{kZoo + std::string("qwen-a"), kZoo + std::string("qwen-a2")});
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(result->merge_operator, MergeOperator::none) << result->reasons.front();
  EXPECT_EQ(result->candidates[0].status, CandidateStatus::parent);
}

TEST_F(MergedAdapters, WithoutTheirBaseTheyAreRefused) {
  const std::string first = adapter("first", 1, "org/elsewhere"),
                    child = kZoo + std::string("qwen-a");
  for (const std::vector<std::string>& candidates :
       {std::vector{first}, std::vector{first, child, kZoo + std::string("qwen-a2")}}) {
    const auto result = decompose(child, candidates);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::not_found);
    EXPECT_THAT(result.error().message, HasSubstr("\"org/elsewhere\""));
    EXPECT_THAT(result.error().hint, HasSubstr("--base"));
  }
  DecomposeOptions options;
  options.base = kZoo + std::string("gpt2-a");
  const auto other = decompose(child, std::vector{first}, options);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::size_mismatch);
}

}  // namespace
}  // namespace prov::zoo
