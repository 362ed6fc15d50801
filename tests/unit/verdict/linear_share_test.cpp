#include "verdict/linear_share.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "unit/verdict/related_models.hpp"
#include "verdict/lineage_class.hpp"
#include "verdict/relation.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;
using forensics::MatrixChange;
using testing::HasSubstr;

/// B = weight A + rest, the lengths of the two models being other in each matrix.
ForensicEvidence mixed_in(double weight, double cosine) {
  ForensicEvidence evidence = related(4, 4, cosine);
  evidence.a.tensors = evidence.b.tensors = evidence.a.explained = evidence.b.explained = 39;
  for (MatrixChange& change : evidence.changes.matrices) {
    change.pattern->elements = 16384;
    change.pattern->slope = weight;
    change.pattern->residual = std::sqrt(1 - cosine * cosine);
    cosine -= 0.01;
  }
  return evidence;
}

/// A and B exchanged.
ForensicEvidence seen_from_b(ForensicEvidence evidence) {
  for (MatrixChange& change : evidence.changes.matrices) {
    const double residual = change.pattern->residual;
    change.pattern->slope = (1 - residual * residual) / change.pattern->slope;
  }
  return evidence;
}

std::optional<LinearShare> share_in(const ForensicEvidence& evidence) {
  return find_linear_share(aligned_matrices(evidence));
}

TEST(LinearShare, IsFoundFromBothSides) {
  const ForensicEvidence evidence = mixed_in(0.3, 0.4);
  const auto forward = share_in(evidence), backward = share_in(seen_from_b(evidence));
  ASSERT_TRUE(forward && backward);
  EXPECT_TRUE(forward->b_is_child);
  EXPECT_FALSE(backward->b_is_child);
  for (const auto& share : {forward, backward}) {
    EXPECT_NEAR(share->weight, 0.3, 1e-9);
    EXPECT_LT(share->spread, 1e-9);
    EXPECT_TRUE(share->only_child);
    EXPECT_EQ(share->matrices, 12U);
  }
}

TEST(LinearShare, IsNotSeenInSlopesThatDifferBeyondTheirErrors) {
  ForensicEvidence evidence = mixed_in(0.3, 0.4);
  double moved = -0.022;
  for (MatrixChange& change : evidence.changes.matrices) change.pattern->slope += moved += 0.004;
  EXPECT_FALSE(share_in(evidence));  // spread .014, as of a common start
  // The same relative differences of a small slope are within .01, but far beyond their errors.
  ForensicEvidence exact = mixed_in(0.9, 0.99);
  double shifted = -0.011;
  for (MatrixChange& change : exact.changes.matrices) {
    change.pattern->elements = 1U << 24;
    change.pattern->slope += shifted += 0.002;
  }
  EXPECT_FALSE(share_in(exact));
}

TEST(LinearShare, SlopesAreMeasuredWhetherUniformOrNot) {
  const auto uniform = most_uniform_slopes(aligned_matrices(mixed_in(0.3, 0.4)));
  ASSERT_TRUE(uniform);
  EXPECT_LT(uniform->spread, 1e-9);
  ForensicEvidence evidence = mixed_in(0.3, 0.4);
  double moved = -0.022;
  for (MatrixChange& change : evidence.changes.matrices) change.pattern->slope += moved += 0.004;
  const auto uneven = most_uniform_slopes(aligned_matrices(evidence));
  ASSERT_TRUE(uneven);
  EXPECT_GT(uneven->spread, 0.01);
  EXPECT_FALSE(most_uniform_slopes({}));
}

TEST(LinearShare, NeedsMatricesAndAWeightBetweenNothingAndAll) {
  EXPECT_FALSE(share_in(mixed_in(0.98, 0.99)));
  EXPECT_FALSE(share_in(mixed_in(0.03, 0.2)));
  EXPECT_FALSE(find_linear_share({}));
  ForensicEvidence few = mixed_in(0.3, 0.4);
  few.changes.matrices.resize(7);
  EXPECT_FALSE(share_in(few));
  ForensicEvidence strange = mixed_in(0.3, 0.4);
  for (MatrixChange& change : strange.changes.matrices) change.pattern->residual = 1;
  EXPECT_FALSE(share_in(strange));
  for (MatrixChange& change : strange.changes.matrices) change.pattern.reset();
  EXPECT_FALSE(share_in(strange));
}

/// Too unlike for a near copy, but a copy of a part.
TEST(LinearShare, MakesAPositiveClassOfAWeakLikeness) {
  const ForensicEvidence merge = mixed_in(0.3, 0.4);
  const Judgement judgement = judge_class(merge);
  EXPECT_EQ(judgement.lineage_class, LineageClass::same_lineage);
  EXPECT_THAT(judgement.reasons.at(1), HasSubstr("0.300 times that of A"));
  const Relation relation = find_relation(merge, judgement.lineage_class);
  EXPECT_EQ(relation.name, "merged");
  EXPECT_EQ(relation.direction, Direction::undetermined);
  EXPECT_THAT(relation.operations.front().detail, HasSubstr("A was not made from B"));

  ForensicEvidence start = mixed_in(0.3, 0.4);
  double moved = -0.06;
  for (MatrixChange& change : start.changes.matrices) change.pattern->slope += moved += 0.01;
  EXPECT_EQ(judge_class(start).lineage_class, LineageClass::shared_initialisation);
}

}  // namespace
}  // namespace prov::verdict
