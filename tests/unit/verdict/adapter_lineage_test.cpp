#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "verdict/adapter_pair.hpp"

namespace prov::verdict {
namespace {

using testing::Contains;
using testing::HasSubstr;

model::LowRankUpdate update(const std::string& module, std::uint64_t rank, int layer) {
  model::LowRankUpdate made;
  made.module = module;
  made.a.info.shape = {rank, 64};
  made.target.role.layer = layer;
  return made;
}

AdapterPair pair_with(double reading_z, double writing_z) {
  AdapterPair pair;
  pair.config.base_model = "org/Base";
  pair.updates = {update("layers.0.q_proj", 8, 0), update("layers.1.q_proj", 4, 1),
                  update("layers.1.v_proj", 8, 1)};
  pair.fit.reading = forensics::GramAgreement{0.3, reading_z, 128};
  pair.fit.writing = forensics::GramAgreement{0.1, writing_z, 128};
  pair.fit.matrices = 3;
  return pair;
}

/// What a comparison with the merged model says, whatever the adapter.
Lineage of_the_merge() {
  Lineage lineage;
  lineage.lineage_class = LineageClass::derived;
  lineage.direction = Direction::a_to_b;
  lineage.relation = "fine-tuned";
  lineage.probability = 0.99;
  lineage.conflicts = {"a conflict"};
  lineage.evidence = {Evidence{.test = "hidden-permutation-z", .z = 280}};
  lineage.agreement = {RoleAgreement{.role = "query", .tensors = 2}};
  return lineage;
}

Lineage judged(const AdapterPair& pair) {
  Lineage lineage = of_the_merge();
  judge_adapter(pair, lineage);
  return lineage;
}

TEST(JudgeAdapter, WhatItAddsMayProveKinshipButNoDirection) {
  AdapterPair pair = pair_with(20, 16);
  pair.base_is_named = true;
  const Lineage lineage = judged(pair);
  EXPECT_EQ(lineage.lineage_class, LineageClass::same_lineage);
  EXPECT_EQ(lineage.relation, "lora");
  EXPECT_EQ(lineage.direction, Direction::undetermined);
  EXPECT_EQ(lineage.probability, std::nullopt);
  ASSERT_EQ(lineage.evidence.size(), 1u) << "nothing of the merge, which is alike by construction";
  EXPECT_EQ(lineage.evidence[0].test, "adapter-coordinates");
  EXPECT_DOUBLE_EQ(*lineage.evidence[0].z, 36 / std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(*lineage.evidence[0].value, 0.2);
  ASSERT_EQ(lineage.operations.size(), 1u);
  EXPECT_THAT(lineage.operations[0].detail,
              HasSubstr("rank 4 to 8 on 3 matrices (q_proj, v_proj) in 2 layers"));
  EXPECT_EQ(lineage.agreement.size(), 1u) << "what it changes stays";
  EXPECT_THAT(lineage.reasons, Contains(HasSubstr("the base \"org/Base\"")));
}

TEST(JudgeAdapter, WithoutAClaimAnEarlyBranchIsAllThatIsProved) {
  const Lineage lineage = judged(pair_with(20, 16));
  EXPECT_EQ(lineage.lineage_class, LineageClass::shared_initialisation);
  EXPECT_EQ(lineage.relation, "lora");
}

TEST(JudgeAdapter, AModelThatHoldsTheUpdatesIsAMerge) {
  AdapterPair pair = pair_with(0, 0);
  pair.fit.contained = forensics::ContainedUpdate{0.98, 40};
  EXPECT_EQ(judged(pair).lineage_class, LineageClass::same_lineage);
  EXPECT_THAT(judged(pair).reasons[0], HasSubstr("in the weights of A already"));
  pair.fit.contained = forensics::ContainedUpdate{0.02, 40};
  EXPECT_EQ(judged(pair).lineage_class, LineageClass::inconclusive) << "a trace is no merge";
  pair.fit.contained = forensics::ContainedUpdate{0.98, 3};
  EXPECT_EQ(judged(pair).lineage_class, LineageClass::inconclusive) << "chance";
}

TEST(JudgeAdapter, BelowTheLineOfProofItIsSilent) {
  for (const auto& [reading, writing] : {std::pair(0.5, -0.5), std::pair(8.0, 8.0)}) {
    const Lineage lineage = judged(pair_with(reading, writing));
    EXPECT_EQ(lineage.lineage_class, LineageClass::inconclusive);
    EXPECT_EQ(lineage.relation, std::nullopt);
    EXPECT_THAT(lineage.reasons[0], HasSubstr("Nothing shows that it was trained on A"));
  }
  AdapterPair untested = pair_with(0, 0);
  untested.fit = {};
  const Lineage lineage = judged(untested);
  EXPECT_EQ(lineage.lineage_class, LineageClass::inconclusive);
  EXPECT_THAT(lineage.evidence[0].status, HasSubstr("not-computable"));
}

TEST(JudgeAdapter, ARefusalIsTheFirstReason) {
  AdapterPair pair = pair_with(20, 20);
  pair.refused = "Model B is an adapter and the other model is not its base: why.";
  pair.b_is_adapter = true;
  const Lineage lineage = judged(pair);
  EXPECT_EQ(lineage.lineage_class, LineageClass::inconclusive);
  EXPECT_EQ(lineage.reasons[0], pair.refused);
  EXPECT_TRUE(lineage.operations.empty());
}

TEST(JudgeAdapter, TheSidesAreNamedAsTheyStand) {
  AdapterPair pair = pair_with(20, 20);
  pair.b_is_adapter = false;
  pair.base_is_named = true;
  const Lineage lineage = judged(pair);
  EXPECT_THAT(lineage.reasons[0], HasSubstr("Model A is an adapter"));
  EXPECT_THAT(lineage.reasons[0], HasSubstr("the coordinates of B"));
  EXPECT_THAT(lineage.reasons, Contains(HasSubstr("as the other model is called")));
}

}  // namespace
}  // namespace prov::verdict
