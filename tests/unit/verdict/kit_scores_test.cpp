#include "verdict/kit_scores.hpp"

#include <gtest/gtest.h>

namespace prov::verdict {
namespace {

constexpr std::nullopt_t kNone = std::nullopt;

// Vectors of section 7.2.
TEST(IdentityScore, LeavesAbsentSignalsOut) {
  EXPECT_EQ(identity_score({.eas = .9, .nlf = .5, .lep = .7, .end = .8, .wvc = .6}), 0.754);
  EXPECT_EQ(identity_score({.eas = 1, .nlf = kNone, .lep = .5, .end = .25, .wvc = kNone}), 0.6866);
  EXPECT_EQ(identity_score({.eas = kNone, .nlf = .9, .lep = .4, .end = kNone, .wvc = kNone}),
            0.5667);
  EXPECT_EQ(identity_score({.eas = 1, .nlf = 1, .lep = 1, .end = 1, .wvc = 1}), 1.0);
  EXPECT_EQ(identity_score({.eas = .5}), 0.5);
  EXPECT_EQ(identity_score({.tfv = 1, .voa = 1}), kNone);
}

// A plain loop gives 0.915: the exact sum is a tie, and Python's sum() is compensated.
TEST(IdentityScore, SumsAsPythonDoes) {
  EXPECT_EQ(identity_score({.eas = 1, .nlf = 1, .lep = 1, .end = 1, .wvc = 0.595}), 0.9149);
}

// Vectors of section 7.3.
TEST(TokenizerScore, WeighsVocabularyThreeToOne) {
  EXPECT_EQ(tokenizer_score({.tfv = .6721, .voa = .9333}), 0.868);
  EXPECT_EQ(tokenizer_score({.tfv = .85, .voa = 0.0}), 0.2125);
  EXPECT_EQ(tokenizer_score({.tfv = .85}), 0.2125);
}

TEST(Interpret, HasStrictThresholds) {
  EXPECT_EQ(interpret(0.7501).label, "High-Confidence Match");
  EXPECT_EQ(interpret(0.75).label, "Weak Match");
  EXPECT_EQ(interpret(0.65).label, "Not Matched");
  EXPECT_EQ(interpret(0.65).colour, "#e74c3c");
  EXPECT_EQ(interpret(kNone).label, "Insufficient data");
}

TEST(KitScores, ConfirmByConfigurationElseByIdentityElseByMetadata) {
  const KitSignals stranger{
      .eas = .5, .nlf = .5, .lep = .5, .end = .5, .wvc = .5, .tfv = 1, .voa = 1};
  const KitScores confirmed = kit_scores(stranger, {.score = 0.9, .tier = 2, .match = "family"});
  EXPECT_EQ(confirmed.pipeline_score, 0.9);
  EXPECT_EQ(confirmed.provenance_decision, "Confirmed Match");
  EXPECT_EQ(confirmed.label, "High-Confidence Match");
  EXPECT_EQ(confirmed.identity_score, 0.5);

  const KitScores refused =
      kit_scores(stranger, {.score = 0.871, .tier = 3, .match = "soft_match"});
  EXPECT_EQ(refused.pipeline_score, 0.5);
  EXPECT_EQ(refused.provenance_decision, "Not Matched");
  EXPECT_EQ(refused.tokenizer_score, 1.0);

  const KitScores metadata = kit_scores({}, {.score = 0.7, .tier = 3, .match = "soft_match"});
  EXPECT_EQ(metadata.pipeline_score, 0.7);
  EXPECT_EQ(metadata.provenance_decision, "Weak Match (metadata only)");
  EXPECT_EQ(metadata.label, "Weak Match");
  EXPECT_FALSE(metadata.identity_score);
}

}  // namespace
}  // namespace prov::verdict
