// All pairs of the models that the repository carries.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "zoo/zoo.hpp"

namespace prov::zoo {
namespace {

const Models& models() {
  static const Models opened = [] {
    Models all;
    all.open_all(PROV_REPOSITORY "/tests/zoo");
    return all;
  }();
  return opened;
}

TEST(RepositoryZoo, EveryPairGetsItsTrueClass) {
  const std::vector<Pair> pairs = read_truth(PROV_REPOSITORY "/tests/zoo/truth.json");
  ASSERT_EQ(pairs.size(), 15U);
  const std::vector<Outcome> outcomes = judge(models(), pairs);
  ASSERT_EQ(outcomes.size(), 15U);
  for (const Outcome& outcome : outcomes) {
    const auto lineage_class = outcome.lineage.lineage_class;
    if (outcome.pair.weights_shared) {
      EXPECT_EQ(lineage_class, LineageClass::same_lineage) << table_line(outcome);
    } else {
      EXPECT_EQ(lineage_class, LineageClass::independent) << table_line(outcome);
    }
    EXPECT_TRUE(outcome.lineage.conflicts.empty()) << outcome.lineage.conflicts.front();
    EXPECT_FALSE(outcome.lineage.reasons.empty());
  }
  std::cout << summary(outcomes);
}

TEST(RepositoryZoo, AModelIsIdenticalToItself) {
  const model::Model* gpt2 = models().find("gpt2-a");
  ASSERT_NE(gpt2, nullptr);
  const Outcome outcome = judge(*gpt2, *gpt2, {"gpt2-a", "gpt2-a", "identical"});
  EXPECT_EQ(outcome.lineage.lineage_class, LineageClass::identical);
  EXPECT_TRUE(outcome.evidence.values_equal);
}

TEST(RepositoryZoo, SwappingTheModelsMirrorsTheVerdict) {
  for (const auto& [first, second] :
       {std::pair{"gpt2-a", "gpt2-a-sft"}, {"gpt2-a", "gpt2-a2"}, {"qwen-a-sft", "gpt2-a"}}) {
    const model::Model *a = models().find(first), *b = models().find(second);
    ASSERT_TRUE(a != nullptr && b != nullptr);
    const Outcome forward = judge(*a, *b, {first, second, ""}),
                  backward = judge(*b, *a, {second, first, ""});
    EXPECT_EQ(forward.lineage.lineage_class, backward.lineage.lineage_class);
    ASSERT_EQ(forward.lineage.evidence.size(), backward.lineage.evidence.size());
    for (std::size_t i = 0; i < forward.lineage.evidence.size(); ++i) {
      EXPECT_EQ(forward.lineage.evidence[i].value, backward.lineage.evidence[i].value)
          << forward.lineage.evidence[i].test;
      EXPECT_EQ(forward.lineage.evidence[i].z, backward.lineage.evidence[i].z)
          << forward.lineage.evidence[i].test;
    }
  }
}

}  // namespace
}  // namespace prov::zoo
