// The adapter of the development zoo beside every model of its shapes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provenancekit/compare.hpp"

namespace prov::zoo {
namespace {

using testing::HasSubstr;

Comparison with_adapter(const std::string& base) {
  const std::string zoo = PROV_SHARED "/zoo/dev/";
  auto result = compare(zoo + base, zoo + "llama-a-lora", {});
  EXPECT_TRUE(result) << result.error().to_string();
  return *std::move(result);
}

TEST(AdapterZoo, ItsBaseAndTheBasesDescendantsAreSeenFromWhatItAdds) {
  for (const char* base : {"llama-a", "llama-a-sft", "llama-a-sft2", "llama-a-cpt"}) {
    const Lineage lineage = with_adapter(base).lineage;
    // Only its own base is named by it; how near the others are an adapter does not show.
    const bool named = std::string(base) == "llama-a";
    EXPECT_EQ(lineage.lineage_class,
              named ? LineageClass::same_lineage : LineageClass::shared_initialisation)
        << base;
    EXPECT_EQ(lineage.relation, "lora") << base;
    EXPECT_EQ(lineage.direction, Direction::undetermined) << base;
    EXPECT_GT(lineage.evidence.at(0).z, 20.0) << base;
    EXPECT_THAT(lineage.operations.at(0).detail, HasSubstr("rank 8 on 42 matrices")) << base;
  }
}

TEST(AdapterZoo, TheModelThatItWasMergedIntoHoldsIt) {
  const Lineage lineage = with_adapter("llama-a-lora-merged").lineage;
  EXPECT_EQ(lineage.lineage_class, LineageClass::same_lineage);
  EXPECT_THAT(lineage.reasons.at(0), HasSubstr("in the weights of A already"));
}

TEST(AdapterZoo, FittingTheShapesProvesNothing) {
  for (const char* stranger : {"llama-a2", "llama-a2-sft", "llama-b", "llama-a-distil"}) {
    const Lineage lineage = with_adapter(stranger).lineage;
    EXPECT_EQ(lineage.lineage_class, LineageClass::inconclusive) << stranger;
    EXPECT_EQ(lineage.relation, std::nullopt) << stranger;
    EXPECT_LT(lineage.evidence.at(0).z, 4.0) << stranger;
  }
}

TEST(AdapterZoo, ACopyOfItIsIdenticalAsFarAsAdaptersCanBe) {
  const Lineage lineage = with_adapter("llama-a-lora").lineage;
  EXPECT_EQ(lineage.lineage_class, LineageClass::identical);
  EXPECT_THAT(lineage.reasons.back(), HasSubstr("whatever base each is put on"));
}

TEST(AdapterZoo, AModelOfOtherShapesIsRefusedWithTheFirstModule) {
  const Lineage lineage = with_adapter("qwen-a").lineage;
  EXPECT_EQ(lineage.lineage_class, LineageClass::inconclusive);
  EXPECT_THAT(lineage.reasons.at(0), HasSubstr("model.layers.0.mlp.down_proj is [128, 288]"));
  EXPECT_THAT(lineage.reasons.at(1), HasSubstr("\"llama-a\""));
}

TEST(AdapterZoo, TheMergeOnTheFlyIsTheMergeThatPeftWrote) {
  const std::string zoo = PROV_SHARED "/zoo/dev/";
  const Comparison lazily = with_adapter("llama-a");
  const auto written = compare(zoo + "llama-a", zoo + "llama-a-lora-merged", {});
  ASSERT_TRUE(written);
  ASSERT_EQ(lazily.lineage.agreement.size(), written->lineage.agreement.size());
  for (std::size_t i = 0; i < lazily.lineage.agreement.size(); ++i) {
    const RoleAgreement &ours = lazily.lineage.agreement[i],
                        &theirs = written->lineage.agreement[i];
    EXPECT_EQ(ours.role, theirs.role);
    ASSERT_TRUE(ours.relative_difference && theirs.relative_difference);
    // PEFT rounded to bfloat16.
    EXPECT_NEAR(*ours.relative_difference, *theirs.relative_difference, 1e-3) << ours.role;
  }
}

}  // namespace
}  // namespace prov::zoo
