// What was done to related weights, on the models that the repository carries.
#include "zoo/changes.hpp"

#include <gtest/gtest.h>

#include "numeric/sums.hpp"
#include "unit/forensics/altered_matrix.hpp"
#include "zoo/zoo.hpp"

namespace prov::zoo {
namespace {

using forensics::difference_spectrum;
using forensics::DifferenceKind;
using forensics::mixed;
using forensics::PrunedSide;
using numeric::Matrix;

const Models& models() {
  static const Models opened = [] {
    Models all;
    all.open_all(PROV_REPOSITORY "/tests/zoo");
    return all;
  }();
  return opened;
}

std::vector<Module> modules_of(const std::string& a, const std::string& b) {
  return modules(*models().find(a), *models().find(b));
}

TEST(RepositoryZooChanges, FineTuningIsDense) {
  for (const auto& [a, b] :
       {std::pair{"gpt2-a", "gpt2-a-sft"}, std::pair{"qwen-a", "qwen-a-sft"}}) {
    const Changes changes = measure(modules_of(a, b));
    ASSERT_GE(changes.spectra.size(), 24U);
    for (const auto& spectrum : changes.spectra) {
      EXPECT_EQ(spectrum.kind, DifferenceKind::dense);
      EXPECT_LT(spectrum.gap, 1.5);
      EXPECT_GT(spectrum.energy_share, 0.9);
      EXPECT_GT(spectrum.top_to_edge, 5);
    }
    for (const auto& pattern : changes.patterns) {
      EXPECT_LT(pattern.untouched, 0.03);
      EXPECT_LT(pattern.untouched, 3 * pattern.untouched_chance);
      EXPECT_LT(pattern.hole, 0.1);
      EXPECT_NEAR(pattern.slope, 1, 0.03);
    }
    for (const auto& sparsity : changes.sparsities)
      EXPECT_EQ(pruned_side(sparsity), PrunedSide::neither);
    EXPECT_FALSE(storage_rounding(changes.forward));
    EXPECT_FALSE(storage_rounding(changes.backward));
  }
}

TEST(RepositoryZooChanges, NoTrainedModelLiesOnAGrid) {
  for (const char* name : {"gpt2-a", "gpt2-a-sft", "gpt2-a2", "qwen-a", "qwen-a-sft", "qwen-a2"}) {
    for (const Module& module : modules_of(name, name)) {
      EXPECT_FALSE(forensics::quantisation_grid(module.a)) << name << ' ' << module.name;
      EXPECT_FALSE(forensics::quantisation_grid(transposed(module.a))) << name;
    }
  }
}

TEST(RepositoryZooChanges, AQuantisedCopyIsProvedAgainstItsParentAlone) {
  for (const Module& module : modules_of("qwen-a", "qwen-a-sft")) {
    const Matrix copy = stored_as(forensics::quantised(module.a, 32, 7), forensics::kBf16);
    const auto grid = forensics::quantisation_grid(copy);
    ASSERT_TRUE(grid) << module.name;
    EXPECT_EQ(grid->name, "int4, groups of 32");
    EXPECT_GT(*share_rounded_to(module.a, copy, *grid), 0.999);
    EXPECT_LT(*share_rounded_to(module.b, copy, *grid), 0.95) << module.name;
  }
}

TEST(RepositoryZooChanges, PruningPointsToThePrunedModel) {
  for (const Module& module : modules_of("gpt2-a", "gpt2-a-sft")) {
    const auto sparsity = forensics::sparsity(module.b, forensics::half_pruned(module.a, 4));
    ASSERT_TRUE(sparsity);
    EXPECT_EQ(pruned_side(*sparsity), PrunedSide::b) << module.name;
    EXPECT_GT(sparsity->two_of_four_b.share, 0.999);
    EXPECT_LT(sparsity->two_of_four_b.chance, 0.7);
    EXPECT_LT(sparsity->untouched, 0.1);  // pruned from the parent, not from the fine-tuned model
  }
}

TEST(RepositoryZooChanges, AMergedAdapterHasItsRankInEveryModule) {
  std::uint64_t seed = 1;
  for (const Module& module : modules_of("qwen-a", "qwen-a")) {
    const double size = std::sqrt(numeric::dot(module.a.values, module.a.values) /
                                  static_cast<double>(module.a.values.size()));
    const Matrix update = forensics::low_rank_matrix(module.a.rows, module.a.columns, 8, ++seed);
    const Matrix merged =
        stored_as(mixed(module.a, static_cast<float>(0.02 * size), update), forensics::kBf16);
    const auto spectrum = difference_spectrum(module.a, merged);
    ASSERT_TRUE(spectrum);
    EXPECT_EQ(spectrum->kind, DifferenceKind::low_rank) << module.name;
    EXPECT_EQ(spectrum->rank, 8U) << module.name;
  }
}

}  // namespace
}  // namespace prov::zoo
