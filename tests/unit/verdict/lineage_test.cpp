#include "verdict/lineage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;
using testing::HasSubstr;

void add_layer(ForensicEvidence& evidence, int layer) {
  const model::MlpPlace place{model::Tower::text, layer, -1};
  evidence.hidden.places_a.push_back(place);
  evidence.hidden.places_b.push_back(place);
  evidence.hidden.mlps.push_back({place, forensics::PermutationTest{0.5, 0.001, 384, 384},
                                  forensics::GramAgreement{0.001, -0.3, 384}, std::nullopt});
}

/// Two models of four layers each, of one recipe: what the tests see of strangers.
ForensicEvidence strangers() {
  ForensicEvidence evidence;
  evidence.a = {{"alpha", "llama", {}, false, {}}, 40, 40, 384, 128};
  evidence.b = {{"beta", "llama", {}, false, {}}, 40, 40, 384, 128};
  evidence.paired = evidence.same_shape = 40;
  evidence.all_paired = true;
  for (int layer = 0; layer < 4; ++layer) {
    add_layer(evidence, layer);
  }
  evidence.layers.places_a = evidence.hidden.places_a;
  evidence.layers.places_b = evidence.hidden.places_b;
  evidence.layers.complete = true;
  evidence.layers.of_a.resize(4);
  evidence.layers.of_b.resize(4);
  evidence.search.places_a = evidence.search.places_b = evidence.hidden.places_a;
  evidence.search.mlps_a = evidence.search.mlps_b = 4;
  for (auto* match : {&evidence.search.raw, &evidence.search.recovered, &evidence.search.tokens}) {
    match->units = 512;
    match->agreeing = 11;
    match->expected = 12;
    match->log10_p = -0.2;
  }
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
  if (z < 8 || cosine < 0.05) return;
  const auto place = static_cast<std::size_t>(layer);
  evidence.layers.basis = forensics::MapBasis::order;
  evidence.layers.of_b.at(place) = evidence.layers.of_a.at(place) = {place, z, cosine};
}

ForensicEvidence relatives(double z, double cosine) {
  ForensicEvidence evidence = strangers();
  for (int layer = 0; layer < 4; ++layer) set_order(evidence, layer, z, cosine);
  evidence.residual.test = forensics::PermutationTest{z / 3, cosine, 384, 1024};
  evidence.search = {.not_run = "not needed"};
  return evidence;
}

LineageClass class_of(const ForensicEvidence& evidence) {
  return decide_lineage(evidence).lineage_class;
}

TEST(DecideLineage, StrangersOfOneRecipeAreIndependentWithTheLimitSaid) {
  const Lineage lineage = decide_lineage(strangers());
  EXPECT_EQ(lineage.lineage_class, LineageClass::independent);
  EXPECT_THAT(lineage.reasons, testing::Contains(HasSubstr("would not be seen")));
  EXPECT_TRUE(lineage.conflicts.empty());
  EXPECT_EQ(lineage.direction, Direction::undetermined);
  EXPECT_LT(lineage.probability.value(), 0.1);
  EXPECT_FALSE(lineage.relation);
  EXPECT_EQ(lineage.evidence.size(), 12U);
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
  for (int layer = 4; layer < 40; ++layer) add_layer(evidence, layer);
  evidence.layers.places_a = evidence.layers.places_b = evidence.hidden.places_a;
  evidence.layers.of_a.resize(40);
  evidence.layers.of_b.resize(40);
  set_order(evidence, 0, 140, 0.98);
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
}

TEST(DecideLineage, SignificanceWithoutSizeIsNoProof) {
  EXPECT_EQ(class_of(relatives(20, 0.01)), LineageClass::inconclusive);
}

TEST(DecideLineage, RotatedCoordinatesAreFoundByTheGeometryOfTheUnits) {
  ForensicEvidence evidence = strangers();
  evidence.layers.basis = forensics::MapBasis::geometry;
  for (std::size_t i = 0; i < 4; ++i) evidence.layers.of_b[i] = {i, 200, 0.9};
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
  evidence.search = {.not_run = "--depth fast leaves it out"};
  EXPECT_EQ(class_of(evidence), LineageClass::independent);  // same shapes: the places answer
  evidence.hidden.places_b.push_back({model::Tower::text, 4, -1});
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
  evidence = strangers();
  evidence.search.tokens.missing = evidence.search.recovered.missing = "no common tokens";
  evidence.residual.test.reset();
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
  evidence = strangers();
  evidence.hidden = {};
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
}

TEST(DecideLineage, ModelsOfOtherShapesAreIndependentIfNoUnitIsFoundAgain) {
  ForensicEvidence evidence = strangers();
  for (auto& mlp : evidence.hidden.mlps) mlp.order.reset();
  evidence.hidden.different_widths = 4;
  evidence.residual.test.reset();
  const Lineage lineage = decide_lineage(evidence);
  EXPECT_EQ(lineage.lineage_class, LineageClass::independent);
  EXPECT_THAT(lineage.reasons.front(), HasSubstr("no hidden unit"));
}

std::optional<double> measured(const ForensicEvidence& evidence, std::string_view name) {
  for (const Measure& measure : decide_lineage(evidence).measures) {
    if (measure.name == name) return measure.value;
  }
  ADD_FAILURE() << "no measure " << name;
  return std::nullopt;
}

/// A copy whose units were found again by the search.
ForensicEvidence found_by_units(forensics::MapBasis basis, double share, double cosine) {
  ForensicEvidence evidence = strangers();
  evidence.layers.basis = basis;
  for (std::size_t i = 0; i < 4; ++i)
    evidence.layers.of_b[i] = evidence.layers.of_a[i] = {i, 60, share};
  forensics::BasisMatch& match = basis == forensics::MapBasis::units_raw ? evidence.search.raw
                                 : basis == forensics::MapBasis::units_recovered
                                     ? evidence.search.recovered
                                     : evidence.search.tokens;
  match.agreeing = static_cast<std::size_t>(512 * share);
  match.mean_cosine = cosine;
  match.log10_p = -400;
  match.best = {{0, 0, {.units = 128, .agreeing = 120, .expected = 3, .cosine = cosine}, 0.0}};
  return evidence;
}

TEST(DecideLineage, UnitsFoundAgainAreOneLineage) {
  const Lineage lineage = decide_lineage(found_by_units(forensics::MapBasis::units_raw, 0.95, 0.9));
  EXPECT_EQ(lineage.lineage_class, LineageClass::same_lineage);
  EXPECT_EQ(lineage.relation, "reparameterised");
  EXPECT_THAT(lineage.operations.front().detail, HasSubstr("hidden units permuted"));
  EXPECT_EQ(lineage.layer_map.basis, "unit-match");
  EXPECT_TRUE(lineage.layer_map.identity);
}

TEST(DecideLineage, UnitsFoundByTheUnitsOfOtherLayersAreNamedSo) {
  ForensicEvidence evidence = found_by_units(forensics::MapBasis::units_recovered, 0.95, 0.9);
  evidence.layers.basis = forensics::MapBasis::units_aligned;
  std::swap(evidence.search.recovered, evidence.search.aligned);
  const Lineage lineage = decide_lineage(evidence);
  EXPECT_EQ(lineage.lineage_class, LineageClass::same_lineage);
  EXPECT_THAT(lineage.reasons.front(), HasSubstr("by the units of other layers"));
  EXPECT_EQ(lineage.layer_map.basis, "unit-match-aligned");
  EXPECT_EQ(measured(evidence, "unit_cosine"), 0.9);
}

TEST(DecideLineage, DistantUnitsAreSharedInitialisation) {
  EXPECT_EQ(class_of(found_by_units(forensics::MapBasis::units_recovered, 0.48, 0.57)),
            LineageClass::shared_initialisation);
  EXPECT_EQ(class_of(found_by_units(forensics::MapBasis::units_tokens, 0.4, 0.9)),
            LineageClass::shared_initialisation);
}

TEST(DecideLineage, LayersThatAnswerNoneDoNotMakeTheOthersDistant) {
  ForensicEvidence evidence = found_by_units(forensics::MapBasis::units_raw, 0.95, 0.95);
  forensics::BasisMatch& match = evidence.search.raw;
  match.best.push_back({1, 2, {.units = 128, .agreeing = 3, .expected = 3, .cosine = 0.1}, 0.0});
  match.mean_cosine = 0.5;  // over both
  EXPECT_EQ(class_of(evidence), LineageClass::same_lineage);
  EXPECT_EQ(measured(evidence, "unit_cosine"), 0.95);
}

TEST(DecideLineage, UnitsThatAgreeInLayersOfOnePlaceForbidIndependence) {
  for (const double share : {0.02, 0.3}) {
    ForensicEvidence evidence = strangers();
    forensics::UnitSearch& search = evidence.search;
    search.places_a = search.places_b = evidence.hidden.places_a;
    search.recovered.table = forensics::LayerTable(4, 4);
    for (std::size_t i = 0; i < 4; ++i)
      search.recovered.table.at(i, i) = forensics::LayerCell{1, share};
    search.recovered.table.at(0, 1) = forensics::LayerCell{1, 0.9};  // of another place
    EXPECT_EQ(measured(evidence, "placed_unit_share"), share);
    const Lineage lineage = decide_lineage(evidence);
    EXPECT_EQ(lineage.lineage_class,
              share < 0.1 ? LineageClass::independent : LineageClass::inconclusive);
    EXPECT_EQ(lineage.reasons.front().find("at one place 30.0 %") != std::string::npos,
              share > 0.1);
  }
}

TEST(DecideLineage, UnitsThatAgreeTooOftenForbidIndependence) {
  ForensicEvidence evidence = strangers();
  evidence.search.recovered.agreeing = 60;
  EXPECT_EQ(class_of(evidence), LineageClass::inconclusive);
}

TEST(DecideLineage, WithoutWeightsNothingIsDecided) {
  ForensicEvidence evidence = strangers();
  evidence.b.tensors = 0;
  const Lineage lineage = decide_lineage(evidence);
  EXPECT_EQ(lineage.lineage_class, LineageClass::inconclusive);
  EXPECT_THAT(lineage.reasons.front(), HasSubstr("Model B has no weights"));
}

TEST(DecideLineage, PackedWeightsThatAreNotReadDecideNothing) {
  ForensicEvidence evidence = strangers();
  evidence.b.unread = "12 packed weights are \"aqlm\"";
  Lineage lineage = decide_lineage(evidence);
  EXPECT_EQ(lineage.lineage_class, LineageClass::inconclusive);
  EXPECT_THAT(lineage.reasons.front(), HasSubstr("Weights of model B"));
  EXPECT_THAT(lineage.reasons.front(), HasSubstr("aqlm"));
  evidence.values_equal = true;  // copies are copies, read or not
  EXPECT_EQ(decide_lineage(evidence).lineage_class, LineageClass::identical);
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

TEST(Measures, OfRelativesAreWhatTheRulesRead) {
  ForensicEvidence evidence = relatives(140, 0.99);
  set_order(evidence, 1, 150, 0.995);
  evidence.agreement.nearest_layer_cosine = 0.97;
  EXPECT_EQ(measured(evidence, "order_cosine"), 0.995);
  EXPECT_EQ(measured(evidence, "order_largest_z"), 150);
  EXPECT_EQ(measured(evidence, "order_agreeing_share"), 1);
  EXPECT_EQ(measured(evidence, "nearest_layer_cosine"), 0.97);
  EXPECT_NEAR(*measured(evidence, "layer_mean_cosine"), (3 * 0.99 + 0.995) / 4, 1e-12);
  EXPECT_EQ(measured(evidence, "matched_unit_share"), std::nullopt);  // the search did not run
  EXPECT_EQ(measured(evidence, "geometry_cka"), std::nullopt);
}

TEST(Measures, OfStrangersHaveNoCosineWithoutProof) {
  const ForensicEvidence evidence = strangers();
  EXPECT_TRUE(measured(evidence, "order_z"));
  EXPECT_EQ(measured(evidence, "order_cosine"), std::nullopt);
  EXPECT_EQ(measured(evidence, "residual_cosine"), std::nullopt);
  EXPECT_EQ(measured(evidence, "layer_mean_cosine"), std::nullopt);
  EXPECT_EQ(measured(evidence, "attention_cosine"), std::nullopt);
  EXPECT_EQ(measured(evidence, "token_geometry"), 0.3);
  EXPECT_EQ(measured(evidence, "matched_unit_share"), 11.0 / 512);
}

TEST(Measures, KeepTheirNamesAndOrderWhateverIsMissing) {
  const auto names = [](const Lineage& lineage) {
    std::vector<std::string> result;
    for (const Measure& measure : lineage.measures) result.push_back(measure.name);
    return result;
  };
  const Lineage empty = decide_lineage({});
  EXPECT_EQ(names(empty), names(decide_lineage(relatives(140, 0.99))));
  for (const Measure& measure : empty.measures) {
    if (measure.name == "matched_unit_share") continue;  // the search of an empty pair finds none
    EXPECT_FALSE(measure.value) << measure.name;
  }
}

}  // namespace
}  // namespace prov::verdict
