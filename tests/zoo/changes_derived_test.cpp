// What was done to related weights, on all trained models and on the copies that recipes make.
#include <gtest/gtest.h>

#include "zoo/changes.hpp"
#include "zoo/zoo.hpp"

namespace prov::zoo {
namespace {

using forensics::DifferenceKind;
using forensics::PrunedSide;

const Models& models() {
  static const Models opened = [] {
    Models all;
    all.open_all(PROV_SHARED "/zoo/dev");
    all.open_all(PROV_DERIVED_ZOO);
    return all;
  }();
  return opened;
}

std::vector<Module> modules_of(const std::string& a, const std::string& b) {
  return modules(*models().find(a), *models().find(b));
}

Changes changes_of(const std::string& a, const std::string& b) { return measure(modules_of(a, b)); }

TEST(SharedZooChanges, TheMergedAdapterHasRank8InAllModules) {
  const Changes changes = changes_of("llama-a", "llama-a-lora-merged");
  ASSERT_EQ(changes.spectra.size(), 42U);
  for (const auto& spectrum : changes.spectra) {
    EXPECT_EQ(spectrum.kind, DifferenceKind::low_rank);
    EXPECT_EQ(spectrum.rank, 8U);
    EXPECT_GT(spectrum.gap, 6);
  }
}

TEST(SharedZooChanges, TrainingIsDenseAndLeavesNothingUntouched) {
  for (const auto& [a, b] :
       {std::pair{"llama-a", "llama-a-sft"}, std::pair{"llama-a", "llama-a-sft2"},
        std::pair{"llama-a", "llama-a-cpt"}, std::pair{"llama-a", "llama-a-branch"},
        std::pair{"qwen-a", "qwen-a-sft"}, std::pair{"gpt2-a", "gpt2-a-sft"},
        std::pair{"neox-a", "neox-a-sft"}, std::pair{"bert-a", "bert-a-sft"}}) {
    const Changes changes = changes_of(a, b);
    EXPECT_EQ(kinds(changes).size(), 1U) << b;
    EXPECT_TRUE(kinds(changes).contains(DifferenceKind::dense)) << b;
    for (const auto& spectrum : changes.spectra) EXPECT_LT(spectrum.gap, 1.7) << b;
    for (const auto& pattern : changes.patterns) {
      EXPECT_LT(pattern.untouched, 0.03) << b;
      EXPECT_LT(pattern.hole, 0.1) << b;
    }
  }
}

TEST(SharedZooChanges, NoiseIsNoise) {
  for (const char* name : {"d-noise1", "d-noise20"}) {
    const Changes changes = changes_of("llama-a", name);
    for (const auto& spectrum : changes.spectra) {
      EXPECT_EQ(spectrum.kind, DifferenceKind::noise) << name;
      EXPECT_LT(spectrum.top_to_edge, 1.05) << name;
      EXPECT_NEAR(spectrum.relative_norm, name == std::string("d-noise1") ? 0.01 : 0.2, 0.006);
    }
  }
}

TEST(SharedZooChanges, MergesLeaveTheirTraces) {
  for (const auto& pattern : changes_of("llama-a", "d-ties").patterns) {
    EXPECT_GT(pattern.untouched, 0.4);
    EXPECT_GT(pattern.hole, 0.7);
  }
  for (const auto& pattern : changes_of("llama-a", "d-dareties").patterns) {
    EXPECT_NEAR(pattern.untouched, 0.25, 0.03);  // both of two halves dropped
    EXPECT_LT(pattern.hole, 0.1);
  }
  for (const auto& pattern : changes_of("llama-a", "d-linear-unrelated").patterns)
    EXPECT_NEAR(pattern.slope, 0.7, 0.011);
}

TEST(SharedZooChanges, QuantisedCopiesAreProved) {
  for (const auto& [name, grid_name] :
       {std::pair{"d-int8", "int8, per row"}, std::pair{"d-int4", "int4, groups of 32"}}) {
    for (const Module& module : modules_of("llama-a", name)) {
      const auto grid = forensics::quantisation_grid(module.b);
      ASSERT_TRUE(grid) << name << ' ' << module.name;
      EXPECT_EQ(grid->name, grid_name);
      EXPECT_LT(grid->log10_chance, -1000);
      EXPECT_GT(*share_rounded_to(module.a, module.b, *grid), 0.999);
    }
    for (const Module& module : modules_of("llama-a-sft", name)) {
      const auto grid = forensics::quantisation_grid(module.b);
      ASSERT_TRUE(grid);
      EXPECT_LT(*share_rounded_to(module.a, module.b, *grid), 0.95) << name;
    }
  }
}

TEST(SharedZooChanges, NoTrainedModelLiesOnAGrid) {
  Models trained;
  trained.open_all(PROV_SHARED "/zoo/dev");
  ASSERT_EQ(trained.size(), 30U);
  for (const auto& name : trained.names()) {
    for (const Module& module : modules_of(name, name))
      EXPECT_FALSE(forensics::quantisation_grid(module.a)) << name << ' ' << module.name;
  }
}

TEST(SharedZooChanges, PruningAndRoundingPointForward) {
  for (const char* name : {"d-prune20", "d-prune50"}) {
    for (const auto& sparsity : changes_of("llama-a", name).sparsities) {
      EXPECT_EQ(pruned_side(sparsity), PrunedSide::b);
      EXPECT_EQ(sparsity.untouched, 1);
      EXPECT_EQ(sparsity.magnitude_order_b, 1);
    }
  }
  const Changes half = changes_of("llama-a", "d-f16");
  const auto rounding = storage_rounding(half.forward);
  ASSERT_TRUE(rounding);
  EXPECT_EQ(rounding->precision.name, "F16");
  EXPECT_EQ(rounding->unexplained, 0U);
  EXPECT_FALSE(storage_rounding(half.backward));
  EXPECT_FALSE(storage_rounding(changes_of("llama-a", "d-f32").forward));
}

}  // namespace
}  // namespace prov::zoo
