// The merges of the derived development zoo, among all models of their shape.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "provenancekit/decompose.hpp"

namespace prov::zoo {
namespace {

constexpr const char* kTrained = PROV_SHARED "/zoo/dev/";
constexpr const char* kDerived = PROV_DERIVED_ZOO "/";

std::vector<std::string> trained() {
  std::vector<std::string> models;
  for (const char* name :
       {"llama-a", "llama-a-sft", "llama-a-sft2", "llama-a-cpt", "llama-a-lora-merged",
        "llama-a-branch", "llama-a-sameinit", "llama-a-distil", "llama-a2", "llama-a2-sft",
        "llama-b", "llama-a-cpt-vocab", "llama-a-revocab", "llama-a-pruned-width",
        "llama-a-pruned-depth", "llama-a-upscaled", "llama-a-distil-small", "qwen-a", "gpt2-a"})
    models.push_back(kTrained + std::string(name));
  return models;
}

/// Relatives, copies and other merges: the hardest candidates.
std::vector<std::string> everything_but(const std::string& child) {
  std::vector<std::string> models = trained();
  for (const char* name :
       {"d-copy", "d-f16", "d-f32", "d-linear", "d-slerp", "d-task", "d-ties", "d-dareties",
        "d-linear-unrelated", "d-noise1", "d-noise20", "d-prune20", "d-prune50", "d-int8",
        "d-permmlp", "d-rotres", "d-franken-mixed", "d-tophi3"}) {
    if (name != child) models.push_back(kDerived + std::string(name));
  }
  return models;
}

struct Recipe {
  std::string child;
  MergeOperator merge_operator;
  std::vector<std::pair<std::string, double>> weights;  // 99: the recipe fixes none
  std::optional<double> t;
};

std::vector<Recipe> recipes() {
  const double any = 99;
  return {
      {"d-linear", MergeOperator::linear, {{"llama-a-sft", 0.5}, {"llama-a-sft2", 0.5}}, {}},
      {"d-slerp", MergeOperator::slerp, {{"llama-a-sft", any}, {"llama-a-cpt", any}}, 0.4},
      {"d-task",
       MergeOperator::task_arithmetic,
       {{"llama-a-sft", 0.8}, {"llama-a-sft2", 0.6}, {"llama-a", -0.4}},
       {}},
      {"d-ties",
       MergeOperator::ties,
       {{"llama-a-sft", any}, {"llama-a-sft2", any}, {"llama-a", any}},
       {}},
      {"d-dareties",
       MergeOperator::dare_ties,
       {{"llama-a-sft", any}, {"llama-a-cpt", any}, {"llama-a", any}},
       {}},
      {"d-linear-unrelated", MergeOperator::linear, {{"llama-a", 0.7}, {"llama-a2", 0.3}}, {}},
      {"d-franken", MergeOperator::passthrough, {}, {}},
      {"d-franken-mixed", MergeOperator::passthrough, {}, {}},
  };
}

std::string last_part(const std::string& reference) {
  return reference.substr(reference.rfind('/') + 1);
}

void check(const Recipe& recipe, std::vector<std::string> candidates, bool with_base) {
  DecomposeOptions options;
  if (with_base) {
    options.base = candidates.front();
    candidates.erase(candidates.begin());
  }
  const auto result = decompose(kDerived + recipe.child, candidates, options);
  ASSERT_TRUE(result) << result.error().to_string();
  SCOPED_TRACE(recipe.child + (with_base ? ", base given: " : ": ") + result->reasons.front());
  EXPECT_EQ(merge_operator_name(result->merge_operator),
            merge_operator_name(recipe.merge_operator));
  EXPECT_EQ(result->terms.size(), recipe.weights.size());
  std::cout << recipe.child << " of " << candidates.size() << (with_base ? " with base" : "")
            << ": " << merge_operator_name(result->merge_operator);
  for (const std::size_t term : result->terms) {
    const MergeCandidate& candidate = result->candidates[term];
    const std::string name = last_part(candidate.model.reference);
    std::cout << "  " << name << ' ' << (candidate.weight ? candidate.weight->value : 0);
    const auto expected =
        std::ranges::find(recipe.weights, name, &std::pair<std::string, double>::first);
    ASSERT_NE(expected, recipe.weights.end()) << name;
    ASSERT_TRUE(candidate.weight.has_value());
    if (expected->second < 99) {
      EXPECT_NEAR(candidate.weight->value, expected->second, 0.01);
    }
  }
  if (recipe.t) {
    EXPECT_NEAR(result->t.value_or(-1), *recipe.t, 0.01);
    std::cout << "  t " << result->t.value_or(-1);
  }
  for (const MergeSlice& slice : result->slices) {
    std::cout << "  " << last_part(result->candidates[slice.candidate].model.reference) << ' '
              << slice.first << '-' << slice.last;
    EXPECT_TRUE(slice.equal);
  }
  std::cout << '\n';
}

TEST(DerivedMerges, AreNamedAndWeighedAmongAllCandidates) {
  for (const Recipe& recipe : recipes()) {
    for (const bool with_base : {false, true}) {
      check(recipe, trained(), with_base);
      check(recipe, everything_but(recipe.child), with_base);
    }
  }
}

/// What is no merge must not become one, whatever relatives stand by.
TEST(DerivedMerges, NoOtherModelIsCalledAMerge) {
  for (const char* child : {"d-noise1", "d-noise20", "d-prune20", "d-prune50", "d-int8", "d-int4",
                            "d-permmlp", "d-rotres", "d-scale", "d-reindex"}) {
    const auto result = decompose(kDerived + std::string(child), trained());
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->merge_operator == MergeOperator::none ||
                result->merge_operator == MergeOperator::undetermined)
        << child << ": " << merge_operator_name(result->merge_operator) << ' '
        << result->reasons.front();
  }
  const std::vector<std::string> all = trained();
  for (std::size_t i = 0; i < 13; ++i) {
    std::vector<std::string> others = all;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    const auto result = decompose(all[i], others);
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->merge_operator == MergeOperator::none ||
                result->merge_operator == MergeOperator::undetermined)
        << all[i] << ": " << merge_operator_name(result->merge_operator) << ' '
        << result->reasons.front();
    EXPECT_LE(result->terms.size(), 1U) << all[i] << ": " << result->reasons.front();
  }
}

}  // namespace
}  // namespace prov::zoo
