// The derived models against the trained ones: laundered, quantised, merged and forged.
#include <gtest/gtest.h>

#include <iostream>

#include "zoo/zoo.hpp"

namespace prov::zoo {
namespace {

/// Hidden units and residual stream both re-parameterised, and the embeddings replaced or far away:
/// docs/verdict.md says so.
bool is_known_limit(const Pair& pair) {
  return pair.b == "d-chain-sft-rot" && (pair.a == "llama-a-revocab" || pair.a == "llama-a-branch");
}

TEST(DerivedZoo, NoStrangerIsRelatedAndNoCopyIsCleared) {
  Models models;
  models.open_all(PROV_SHARED "/zoo/dev");
  models.open_all(PROV_DERIVED_ZOO);
  std::vector<Pair> pairs;
  for (const Pair& pair : read_truth(PROV_SHARED "/zoo/truth-dev.json")) {
    if (pair.a.starts_with("d-") || pair.b.starts_with("d-")) pairs.push_back(pair);
  }
  const std::vector<Outcome> outcomes = judge(models, pairs);
  ASSERT_FALSE(outcomes.empty());
  for (const Outcome& outcome : outcomes) {
    const auto lineage_class = outcome.lineage.lineage_class;
    const bool shares_history =
        outcome.pair.weights_shared || outcome.pair.label == "shared-initialisation";
    if (!shares_history) {
      EXPECT_FALSE(is_positive(lineage_class)) << table_line(outcome);
    }
    if (outcome.pair.weights_shared && !is_known_limit(outcome.pair)) {
      EXPECT_NE(lineage_class, LineageClass::independent) << table_line(outcome);
    }
    if (outcome.pair.core) {
      std::cout << table_line(outcome) << "\n";
      for (const std::string& conflict : outcome.lineage.conflicts)
        std::cout << "    conflict: " << conflict << "\n";
    }
  }
  std::cout << summary(outcomes);
}

}  // namespace
}  // namespace prov::zoo
