#include "verdict/relation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/verdict/related_models.hpp"

namespace prov::verdict {
namespace {

using forensics::DifferenceKind;
using forensics::ForensicEvidence;
using forensics::MatrixChange;
using testing::HasSubstr;

Relation relation_of(const ForensicEvidence& evidence) {
  return find_relation(evidence, LineageClass::same_lineage);
}

TEST(Relation, NearDenseDifferencesAreFineTuning) {
  const Relation relation = relation_of(related(4, 4, 0.997));
  EXPECT_EQ(relation.name, "fine-tuned");
  EXPECT_EQ(relation.direction, Direction::undetermined);
  EXPECT_THAT(relation.reasons.back(), HasSubstr("undetermined"));
  EXPECT_EQ(relation_of(related(4, 4, 0.9)).name, "continued-pretraining");
}

TEST(Relation, OnlyRelatedModelsHaveOne) {
  EXPECT_FALSE(find_relation(related(4, 4, 0.99), LineageClass::independent).name);
  EXPECT_FALSE(find_relation(related(4, 4, 0.99), LineageClass::inconclusive).name);
  EXPECT_EQ(find_relation(related(4, 4, 0.4), LineageClass::shared_initialisation).name,
            "shared-initialisation");
}

TEST(Relation, EqualValuesInAnotherFormAreRepackaged) {
  ForensicEvidence evidence = related(4, 4, 1);
  evidence.repackaging = {true, {"BF16 in A, F32 in B"}};
  const Relation relation = find_relation(evidence, LineageClass::identical);
  EXPECT_EQ(relation.name, "re-packaged");
  EXPECT_EQ(relation.operations.size(), 1U);
  EXPECT_EQ(find_relation(related(4, 4, 1), LineageClass::identical).name, "identical");
}

TEST(Relation, ALowRankDifferenceIsAnAdapter) {
  ForensicEvidence evidence = related(4, 4, 0.98);
  for (MatrixChange& change : evidence.changes.matrices) {
    change.spectrum->kind = DifferenceKind::low_rank;
    change.spectrum->rank = 8;
  }
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.name, "lora");
  EXPECT_EQ(relation.operations.front().value, 8);
  EXPECT_THAT(relation.operations.front().detail, HasSubstr("down, gate, up"));
}

/// Flat spectra, and tails of the given kurtosis around `slope` times the other model.
ForensicEvidence flat(double kurtosis, double slope) {
  ForensicEvidence evidence = related(4, 4, 0.9);
  double residual = 0.3;
  for (MatrixChange& change : evidence.changes.matrices) {
    change.spectrum->kind = DifferenceKind::noise;
    change.spectrum->relative_norm = 0.2;
    change.pattern->kurtosis = kurtosis;
    change.pattern->slope = slope;
    change.pattern->residual = residual;
    residual += 0.02;
    slope += 0.0005;
  }
  return evidence;
}

TEST(Relation, AFlatSpectrumWithTheTailsOfNoiseIsNoise) {
  const Relation relation = relation_of(flat(3, 1));
  EXPECT_EQ(relation.name, "noised");
  EXPECT_EQ(relation.operations.front().value, 0.2);
  EXPECT_EQ(relation_of(flat(1.8, 1)).name, "noised");  // evenly distributed
}

TEST(Relation, AFlatSpectrumWithHeavyTailsAroundNeitherModelIsDroppedParts) {
  const Relation relation = relation_of(flat(3.9, 0.98));
  EXPECT_EQ(relation.name, "merged");
  EXPECT_THAT(relation.operations.front().detail, HasSubstr("dropped at random"));
  // Around one of the models it may be noise of uneven strength; near storage steps, rounding.
  EXPECT_EQ(relation_of(flat(3.9, 1)).name, "continued-pretraining");
  ForensicEvidence coarse = flat(3.9, 0.98);
  for (MatrixChange& change : coarse.changes.matrices) change.pattern->fine = 100;
  EXPECT_EQ(relation_of(coarse).name, "continued-pretraining");
}

TEST(Relation, TheMostDrasticOperationNamesIt) {
  ForensicEvidence evidence = related(4, 4, 0.998);
  for (MatrixChange& change : evidence.changes.matrices) {
    change.grid_b = forensics::QuantisationGrid{"int8, per row", "int8", 8, 0, 64, 64, 200, -90};
    change.b_is_rounded_a = 1.0;
  }
  evidence.agreement.roles.push_back({.role = "query", .tensors = 4, .cosine = 0.1});
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.name, "reparameterised");
  ASSERT_EQ(relation.operations.size(), 2U);
  EXPECT_EQ(relation.operations.back().kind, "quantised");
  EXPECT_EQ(relation.direction, Direction::a_to_b);
}

TEST(Relation, AGridThatRoundsTheOtherModelProvesTheDirection) {
  for (const bool forward : {true, false}) {
    ForensicEvidence evidence = related(4, 4, 0.998);
    for (MatrixChange& change : evidence.changes.matrices) {
      const forensics::QuantisationGrid grid{"int4, groups of 32", "int4", 4, 32, 64, 64, 16, -200};
      (forward ? change.grid_b : change.grid_a) = grid;
      (forward ? change.b_is_rounded_a : change.a_is_rounded_b) = 1.0;
    }
    const Relation relation = relation_of(evidence);
    EXPECT_EQ(relation.name, "quantised");
    EXPECT_EQ(relation.direction, forward ? Direction::a_to_b : Direction::b_to_a);
    EXPECT_THAT(relation.operations.front().detail, HasSubstr("int4, groups of 32"));
  }
}

TEST(Relation, AGridThatRoundsSomethingElseProvesNoDirection) {
  ForensicEvidence evidence = related(4, 4, 0.99);
  for (MatrixChange& change : evidence.changes.matrices) {
    change.grid_b = forensics::QuantisationGrid{"int8, per row", "int8", 8, 0, 64, 64, 200, -90};
    change.b_is_rounded_a = 0.4;
  }
  EXPECT_EQ(relation_of(evidence).name, "quantised");
  EXPECT_EQ(relation_of(evidence).direction, Direction::undetermined);
  EXPECT_THAT(relation_of(evidence).operations.front().detail, HasSubstr("explains 40.0 %"));
}

/// A frozen part is no proof that the whole was rounded.
TEST(Relation, AGridThatRoundsHalfOfTheMatricesProvesNoDirection) {
  ForensicEvidence evidence = related(4, 4, 0.99);
  std::size_t number = 0;
  for (MatrixChange& change : evidence.changes.matrices) {
    change.grid_b = forensics::QuantisationGrid{"int8, per row", "int8", 8, 0, 64, 64, 200, -90};
    change.b_is_rounded_a = number++ % 3 == 0 ? 0.4 : 1.0;
  }
  EXPECT_EQ(relation_of(evidence).direction, Direction::undetermined);
}

TEST(Relation, ZerosOfOneModelProveThatItWasPruned) {
  ForensicEvidence evidence = related(4, 4, 0.96);
  for (MatrixChange& change : evidence.changes.matrices) {
    change.sparsity = forensics::Sparsity{
        .elements = 1000, .zeros_b = 0.5, .only_b = 1, .untouched = 1, .survivor_cosine = 1};
    change.sparsity->two_of_four_b.share = 0.3;
  }
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.name, "pruned");
  EXPECT_EQ(relation.direction, Direction::a_to_b);
  EXPECT_THAT(relation.operations.front().detail, HasSubstr("unstructured: 50.0 %"));
  for (MatrixChange& change : evidence.changes.matrices) change.sparsity->two_of_four_b.share = 1;
  EXPECT_THAT(relation_of(evidence).operations.front().detail, HasSubstr("2:4 pattern"));
}

TEST(Relation, ZerosInARelativeOfTheModelProveNoDirection) {
  ForensicEvidence evidence = related(4, 4, 0.99);
  for (MatrixChange& change : evidence.changes.matrices) {
    change.sparsity = forensics::Sparsity{
        .elements = 1000, .zeros_b = 0.5, .only_b = 1, .survivor_cosine = 0.9999};
  }
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.name, "pruned");
  EXPECT_EQ(relation.direction, Direction::undetermined);
  EXPECT_THAT(relation.operations.front().detail, HasSubstr("from a relative of it stays open"));
}

/// Both lost something that the other has: neither was made from the other.
TEST(Relation, AModelCutFromAnUnroundedOriginIsNotMadeFromARoundedCopyOfIt) {
  ForensicEvidence evidence = related(6, 4, 0.9995);
  set_sources(evidence, {0, 1, 3, 5});
  for (MatrixChange& change : evidence.changes.matrices) {
    change.grid_a = forensics::QuantisationGrid{"int8, per row", "int8", 8, 0, 64, 64, 200, -90};
    change.a_is_rounded_b = 0.7;
  }
  EXPECT_EQ(relation_of(evidence).direction, Direction::undetermined);
}

/// A holds half of the layers of B's origin beside a stranger's: it is not what B was rounded from.
TEST(Relation, RoundedLayersOfAPartProveNoDirection) {
  ForensicEvidence evidence = related(4, 4, 0.999);
  set_sources(evidence, {0, 1, -1, -1});
  for (MatrixChange& change : evidence.changes.matrices) {
    change.grid_b = forensics::QuantisationGrid{"int8, per row", "int8", 8, 0, 64, 64, 200, -90};
    change.b_is_rounded_a = 1.0;
  }
  EXPECT_EQ(relation_of(evidence).direction, Direction::undetermined);
}

TEST(Relation, AModelWithLayersOfItsOwnWasNotGrownFromTheOther) {
  ForensicEvidence evidence = related(4, 6, 0.9995);
  set_sources(evidence, {0, 1, -1, 1, 2, 3});
  EXPECT_NE(relation_of(evidence).name, "upscaled");
  EXPECT_EQ(relation_of(evidence).direction, Direction::undetermined);
}

TEST(Relation, GrownBesideMovedAttentionProvesNoDirection) {
  ForensicEvidence evidence = related(4, 6, 0.9995);
  set_sources(evidence, {0, 1, 2, 1, 2, 3});
  MatrixChange attention = evidence.changes.matrices.front();
  attention.kind = model::RoleKind::query;
  attention.pattern->slope = 0.1;
  evidence.changes.matrices.push_back(attention);
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.direction, Direction::undetermined);
  EXPECT_THAT(relation.operations.front().detail, HasSubstr("matrices of attention differ"));
}

TEST(Relation, OneSlopeInAllMatricesIsAMergeWithAStranger) {
  ForensicEvidence evidence = related(4, 4, 0.9);
  for (MatrixChange& change : evidence.changes.matrices) change.pattern->slope = 0.7;
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.name, "merged");
  EXPECT_NEAR(*relation.operations.front().value, 0.7, 1e-9);
  EXPECT_EQ(relation.direction, Direction::undetermined);
}

TEST(Relation, RepeatedLayersProveThatAModelWasGrown) {
  ForensicEvidence evidence = related(4, 6, 0.999);
  set_sources(evidence, {0, 1, 2, 1, 2, 3});
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.name, "upscaled");
  EXPECT_EQ(relation.direction, Direction::a_to_b);
  EXPECT_THAT(relation.operations.front().detail, HasSubstr("layers 1, 2 of A"));
  EXPECT_EQ(relation_of(turned(evidence)).direction, Direction::b_to_a);
}

TEST(Relation, DroppedLayersProveThatAModelWasCut) {
  ForensicEvidence evidence = related(6, 4, 0.9995);
  set_sources(evidence, {0, 1, 3, 5});
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.name, "pruned");
  EXPECT_EQ(relation.direction, Direction::a_to_b);
  EXPECT_THAT(relation.operations.front().detail, HasSubstr("layers 2, 4 of A are missing"));
  EXPECT_EQ(relation_of(turned(evidence)).direction, Direction::b_to_a);
}

TEST(Relation, ARelativeOfTheModelThatWasCutIsNotItsParent) {
  ForensicEvidence evidence = related(6, 4, 0.997);
  set_sources(evidence, {0, 1, 3, 5});
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.name, "pruned");
  EXPECT_EQ(relation.direction, Direction::undetermined);
  EXPECT_THAT(relation.operations.front().detail, HasSubstr("A was not made from B"));
}

TEST(Relation, LayersOfTwoOriginsAreAMerge) {
  ForensicEvidence evidence = related(4, 4, 1);
  set_sources(evidence, {0, 1, -1, -1});
  EXPECT_EQ(relation_of(evidence).name, "merged");
  EXPECT_EQ(relation_of(evidence).direction, Direction::undetermined);
}

TEST(Relation, ExpertsThatCopyOneMlpWereUpcycled) {
  ForensicEvidence evidence = related(2, 2, 0.9995);
  auto& layers = evidence.layers;
  layers.places_b = {{model::Tower::text, 0, 0},
                     {model::Tower::text, 0, 1},
                     {model::Tower::text, 1, 0},
                     {model::Tower::text, 1, 1}};
  layers.of_b = {{0, 90, 1}, {0, 90, 1}, {1, 90, 1}, {1, 90, 1}};
  layers.of_a = {{0, 90, 1}, {2, 90, 1}};
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.name, "upcycled");
  EXPECT_EQ(relation.direction, Direction::a_to_b);
}

TEST(Relation, AppendedTokensAreNamedBesideTheTraining) {
  ForensicEvidence evidence = related(4, 4, 0.9995);
  evidence.tokens.mean_cosine = 0.99;
  evidence.vocabulary = {.known = true,
                         .tokens_a = 100,
                         .tokens_b = 120,
                         .rows_a = 100,
                         .rows_b = 120,
                         .common = 100,
                         .same_id = 100,
                         .b_appends = true};
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.name, "fine-tuned");
  EXPECT_EQ(relation.operations.back().kind, "vocabulary-extended");
  EXPECT_EQ(relation.direction, Direction::a_to_b);
}

TEST(Relation, TracesThatContradictEachOtherLeaveTheDirectionOpen) {
  ForensicEvidence evidence = related(6, 4, 0.9995);
  set_sources(evidence, {0, 1, 3, 5});
  for (MatrixChange& change : evidence.changes.matrices) {
    change.grid_a =
        forensics::QuantisationGrid{"int4, groups of 32", "int4", 4, 32, 64, 64, 16, -200};
    change.a_is_rounded_b = 1.0;
  }
  const Relation relation = relation_of(evidence);
  EXPECT_EQ(relation.direction, Direction::undetermined);
  EXPECT_THAT(relation.reasons.back(), HasSubstr("third model"));
}

}  // namespace
}  // namespace prov::verdict
