#include "verdict/lineage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;
using testing::HasSubstr;

/// Two models of four layers each, of one recipe: what the tests see of strangers.
ForensicEvidence strangers() {
  ForensicEvidence evidence;
  evidence.a = {{"alpha", "llama", {}, false, {}}, 40, 40};
  evidence.b = {{"beta", "llama", {}, false, {}}, 40, 40};
  evidence.paired = evidence.same_shape = 40;
  evidence.all_paired = true;
  for (int layer = 0; layer < 4; ++layer) {
    evidence.hidden.mlps.push_back({model::Tower::text, layer, -1,
                                    forensics::PermutationTest{0.5, 0.001, 384, 384},
                                    forensics::GramAgreement{0.001, -0.3, 384}});
  }
  evidence.hidden.mlps_a = evidence.hidden.mlps_b = 4;
  evidence.residual = {forensics::PermutationTest{-0.7, -0.002, 384, 1024}, 20};
  evidence.tokens.common = evidence.tokens.compared = 2048;
  evidence.tokens.mean_cosine = evidence.tokens.median_cosine = 0.05;
  evidence.tokens.identical_share = 0;
  evidence.tokens.geometry = 0.3;
  return evidence;
}

void set_order(ForensicEvidence& evidence, int layer, double z, double cosine) {
  auto& mlp = evidence.hidden.mlps.at(static_cast<std::size_t>(layer));
  mlp.order = forensics::PermutationTest{z, cosine, 384, 384};
  if (z >= 12) mlp.geometry.reset();
}

ForensicEvidence relatives(double z, double cosine) {
  ForensicEvidence evidence = strangers();
  for (int layer = 0; layer < 4; ++layer) set_order(evidence, layer, z, cosine);
  evidence.residual.test = forensics::PermutationTest{z / 3, cosine, 384, 1024};
  return evidence;
}

LineageClass class_of(const ForensicEvidence& evidence) {
  return decide_lineage(evidence).lineage_class;
}

TEST(DecideLineage, StrangersOfOneRecipeAreIndependentWithTheLimitSaid) {
  const Lineage lineage = decide_lineage(strangers());
  EXPECT_EQ(lineage.lineage_class, LineageClass::independent);
  EXPECT_THAT(lineage.reasons, testing::Contains(HasSubstr("not yet excluded")));
  EXPECT_TRUE(lineage.conflicts.empty());
  EXPECT_EQ(lineage.direction, Direction::undetermined);
  EXPECT_FALSE(lineage.probability);
  EXPECT_FALSE(lineage.relation);
  EXPECT_EQ(lineage.evidence.size(), 6U);
}

TEST(DecideLineage, EqualValuesAreIdentical) {
  ForensicEvidence evidence = relatives(140, 1);
  evidence.values_equal = true;
  EXPECT_EQ(class_of(evidence), LineageClass::identical);
}

TEST(DecideLineage, LikeUnitsAreOneLineage) {
  EXPECT_EQ(class_of(relatives(140, 0.99)), LineageClass::same_lineage);
}

TEST(DecideLineage, ModerateLikenessIsSharedInitialisation) {
  EXPECT_EQ(class_of(relatives(60, 0.4)), LineageClass::shared_initialisation);
}

TEST(DecideLineage, OneNearLayerMakesAPatchworkALineage) {
  ForensicEvidence evidence = strangers();
  set_order(evidence, 2, 140, 0.98);
  EXPECT_EQ(class_of(evidence), LineageClass::same_lineage);
}

TEST(DecideLineage, OneLayerOfManyIsTooLittle) {
  ForensicEvidence evidence = strangers();
  while (evidence.hidden.mlps.size() < 40)
    evidence.hidden.mlps.push_back(evidence.hidden.mlps.front());
  evidence.hidden.mlps_a = evidence.hidden.mlps_b = 40;
  set_order(evidence, 0, 140, 0.98);
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
}

TEST(DecideLineage, SignificanceWithoutSizeIsNoProof) {
  EXPECT_EQ(class_of(relatives(20, 0.01)), LineageClass::inconclusive);
}

TEST(DecideLineage, RotatedCoordinatesAreFoundByTheGeometryOfTheUnits) {
  ForensicEvidence evidence = strangers();
  for (auto& mlp : evidence.hidden.mlps) mlp.geometry = forensics::GramAgreement{0.9, 200, 384};
  EXPECT_EQ(class_of(evidence), LineageClass::same_lineage);
}

TEST(DecideLineage, PermutedUnitsAreFoundByTheResidualCoordinates) {
  ForensicEvidence evidence = strangers();
  evidence.residual.test = forensics::PermutationTest{50, 0.6, 384, 1024};
  EXPECT_EQ(class_of(evidence), LineageClass::same_lineage);
}

TEST(DecideLineage, EmbeddingsAloneProveNothingAndClearNobody) {
  ForensicEvidence evidence = strangers();
  evidence.tokens.mean_cosine = 0.99;
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
  evidence = strangers();
  evidence.tokens.geometry = 0.95;
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
}

TEST(DecideLineage, AMatrixThatAgreesForbidsIndependence) {
  ForensicEvidence evidence = strangers();
  evidence.agreement.strongest_matrix = "model.layers.3.self_attn.q_proj.weight";
  evidence.agreement.strongest_matrix_cosine = 0.6;
  const Lineage lineage = decide_lineage(evidence);
  EXPECT_EQ(lineage.lineage_class, LineageClass::inconclusive);
  EXPECT_THAT(lineage.reasons.front(), HasSubstr("layers.3.self_attn.q_proj"));
}

TEST(DecideLineage, MoreThanChanceButNoProofIsInconclusive) {
  ForensicEvidence evidence = strangers();
  evidence.residual.test->z = -6;
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
}

TEST(DecideLineage, WhatCannotBeComparedIsNotIndependent) {
  ForensicEvidence evidence = strangers();
  evidence.hidden.mlps_b = 6;
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
  evidence = strangers();
  evidence.residual.test.reset();
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
  evidence = strangers();
  evidence.hidden = {};
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
}

TEST(DecideLineage, WithoutWeightsNothingIsDecided) {
  ForensicEvidence evidence = strangers();
  evidence.b.tensors = 0;
  const Lineage lineage = decide_lineage(evidence);
  EXPECT_EQ(lineage.lineage_class, LineageClass::inconclusive);
  EXPECT_THAT(lineage.reasons.front(), HasSubstr("Model B has no weights"));
}

TEST(DecideLineage, AnAdapterIsNoModel) {
  ForensicEvidence evidence = strangers();
  evidence.b.declared.adapter = true;
  evidence.b.explained = 0;
  EXPECT_THAT(decide_lineage(evidence).reasons.front(), HasSubstr("Model B is an adapter"));
}

TEST(DecideLineage, ListsConflicts) {
  ForensicEvidence evidence = strangers();
  evidence.b.declared.origins = {"someone/Alpha"};
  evidence.a.declared.contradictions = {
      "config.json says hidden_size 8, the tensors have 16 columns"};
  EXPECT_THAT(decide_lineage(evidence).conflicts,
              testing::ElementsAre(HasSubstr("Model A: config.json says hidden_size 8"),
                                   HasSubstr("Model B names \"alpha\"")));
}

TEST(DecideLineage, ARelatedModelUnderAnotherArchitectureNameIsAConflict) {
  ForensicEvidence evidence = relatives(140, 0.99);
  EXPECT_TRUE(decide_lineage(evidence).conflicts.empty());
  evidence.b.declared.model_type = "mistral";
  EXPECT_THAT(decide_lineage(evidence).conflicts, testing::ElementsAre(HasSubstr("\"mistral\"")));
}

TEST(DecideLineage, ASwappedTokenizerIsAConflict) {
  ForensicEvidence evidence = relatives(140, 1);
  evidence.tokens.mean_cosine = 0.1;
  RoleAgreement embedding;
  embedding.role = "token_embedding";
  embedding.cosine = 1;
  evidence.agreement.roles = {embedding};
  EXPECT_THAT(decide_lineage(evidence).conflicts, testing::ElementsAre(HasSubstr("tokenizer")));
}

}  // namespace
}  // namespace prov::verdict
