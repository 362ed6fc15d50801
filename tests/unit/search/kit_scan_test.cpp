#include "search/kit_scan.hpp"

#include <gtest/gtest.h>

namespace prov::search {
namespace {

signals::Fingerprint fingerprint(std::string arch_hash, std::string family_hash,
                                 std::int64_t hidden_size = 64) {
  signals::Fingerprint result;
  signals::MfiRecord& mfi = result.mfi.emplace();
  mfi.model_type = "llama";
  mfi.hidden_size = hidden_size;
  mfi.num_hidden_layers = 4;
  mfi.vocab_size = 300;
  mfi.arch_hash = std::move(arch_hash);
  mfi.family_hash = std::move(family_hash);
  return result;
}

/// With a norm of few values: NLF is then the only weight signal.
signals::Fingerprint with_norms(signals::Fingerprint result) {
  result.weights.nlf.mode = signals::NlfMode::statistics;
  result.weights.nlf.values = {1, 2, 3, 4, 5};
  return result;
}

ScanMatch score(const signals::Fingerprint& query, const signals::Fingerprint& known) {
  return score_by_kit({&query, {"<=1B"}}, {.asset_id = "asset", .model_id = "model"}, known);
}

TEST(KitScan, EqualHashesNameTheKindOfMatch) {
  const signals::Fingerprint query = fingerprint("a", "f");
  EXPECT_EQ(score(query, fingerprint("a", "g")).match_type, "exact_arch");
  EXPECT_EQ(score(query, fingerprint("a", "g")).scores.mfi_tier, 1);
  EXPECT_EQ(score(query, fingerprint("b", "f")).match_type, "family_hash");
  EXPECT_EQ(score(query, fingerprint("b", "f")).scores.mfi_tier, 2);
  EXPECT_EQ(score(query, fingerprint("b", "g")).match_type, "mfi_only");
}

TEST(KitScan, FamilyHashWithOtherDimensionsKeepsItsNameInTierThree) {
  const ScanMatch match = score(fingerprint("a", "f"), fingerprint("b", "f", 128));
  EXPECT_EQ(match.match_type, "family_hash");
  EXPECT_EQ(match.scores.mfi_tier, 3);
  EXPECT_EQ(match.scores.pipeline_score, match.scores.mfi_score);
}

TEST(KitScan, WeightSignalsOfBothSidesGiveAnIdentityScore) {
  const signals::Fingerprint query = with_norms(fingerprint("a", "f"));
  const ScanMatch match = score(query, with_norms(fingerprint("b", "g", 128)));
  EXPECT_EQ(match.match_type, "similarity");
  EXPECT_EQ(match.signals.nlf, 1.0);
  EXPECT_EQ(match.scores.identity_score, 1.0);
  EXPECT_EQ(match.scores.pipeline_score, 1.0);
  EXPECT_EQ(match.scores.provenance_decision, "High-Confidence Match");
  EXPECT_EQ(score(query, fingerprint("b", "g", 128)).scores.identity_score, std::nullopt);
}

TEST(KitScan, TokenizerScoreCountsTheFeatureVectorAlone) {
  signals::Fingerprint query = fingerprint("a", "f");
  query.tfv.emplace().tokenizer_class = "T";
  const double own = signals::tokenizer_similarity(*query.tfv, *query.tfv);
  const ScanMatch match = score(query, query);
  EXPECT_EQ(match.signals.tfv, own);
  EXPECT_EQ(match.signals.voa, std::nullopt);
  EXPECT_NEAR(match.scores.tokenizer_score, own / 4, 5e-5);
  EXPECT_EQ(score(query, fingerprint("a", "f")).scores.tokenizer_score, 0);
}

TEST(KitScan, NamesComeFromTheDatabase) {
  const ScanMatch match = score(fingerprint("a", "f"), fingerprint("a", "f"));
  EXPECT_EQ(match.asset_id, "asset");
  EXPECT_EQ(match.model_id, "model");
  EXPECT_FALSE(match.weights_compared);
  EXPECT_EQ(match.lineage.lineage_class, LineageClass::inconclusive);
}

TEST(KitScan, SizeClassesMayMatchTheirNeighbours) {
  const KitQuery query{nullptr, {"<=1B", "40B+"}};
  const auto may = [&](std::string bucket) {
    return may_match(query, {.param_bucket = std::move(bucket)});
  };
  EXPECT_TRUE(may("<=1B") && may("1-10B") && may("10-40B") && may("40B+"));
  EXPECT_FALSE(may_match({nullptr, {"<=1B"}}, {.param_bucket = "10-40B"}));
  EXPECT_FALSE(may(""));
}

}  // namespace
}  // namespace prov::search
