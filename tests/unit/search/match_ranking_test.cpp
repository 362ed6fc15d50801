#include "search/match_ranking.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace prov::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ScanMatch match(std::string id, double pipeline, std::optional<double> identity = {},
                LineageClass lineage = LineageClass::inconclusive) {
  ScanMatch result;
  result.asset_id = std::move(id);
  result.scores.pipeline_score = pipeline;
  result.scores.identity_score = identity;
  result.lineage.lineage_class = lineage;
  return result;
}

std::vector<std::string> ranked(const std::vector<ScanMatch>& matches, const ScanOptions& options) {
  MatchRanking ranking(options);
  for (const ScanMatch& one : matches) ranking.add(one);
  std::vector<std::string> ids;
  for (const ScanMatch& one : std::move(ranking).take()) ids.push_back(one.asset_id);
  return ids;
}

TEST(MatchRanking, OrdersByPipelineScoreAndKeepsTheOrderOfTies) {
  const std::vector<ScanMatch> matches = {match("a", 0.6), match("b", 0.9), match("c", 0.6),
                                          match("d", 0.9), match("e", 0.7)};
  EXPECT_THAT(ranked(matches, {.top_k = 9}), ElementsAre("b", "d", "e", "a", "c"));
  EXPECT_THAT(ranked(matches, {}), ElementsAre("b", "d", "e"));
  EXPECT_THAT(ranked(matches, {.top_k = 1}), ElementsAre("b"));
}

TEST(MatchRanking, BreaksTiesByIdentityFirst) {
  EXPECT_THAT(ranked({match("without", 1), match("low", 1, 0.4), match("high", 1, 0.9)}, {}),
              ElementsAre("high", "low", "without"));
}

TEST(MatchRanking, ThresholdItselfIsEnough) {
  const std::vector<ScanMatch> matches = {match("at", 0.5), match("below", 0.4999),
                                          match("none", std::numeric_limits<double>::quiet_NaN())};
  EXPECT_THAT(ranked(matches, {}), ElementsAre("at"));
  EXPECT_THAT(ranked(matches, {.threshold = 0}), ElementsAre("at", "below"));
  EXPECT_THAT(ranked(matches, {.threshold = 1}), IsEmpty());
}

TEST(MatchRanking, ProofByWeightsComesFirstAndNeedsNoScore) {
  const std::vector<ScanMatch> matches = {match("twin", 1),
                                          match("stranger", 1, 0.9, LineageClass::independent),
                                          match("parent", 0.1, 0.1, LineageClass::derived),
                                          match("sibling", 0.3, 0.2, LineageClass::same_lineage),
                                          match("copy", 0, 0, LineageClass::identical)};
  EXPECT_THAT(ranked(matches, {.top_k = 9}),
              ElementsAre("copy", "parent", "sibling", "twin", "stranger"));
}

TEST(MatchRanking, ACopyByItsHashesStandsBeforeAParentWhoseWeightsWereCompared) {
  ScanMatch copy = match("copy", 0.1, {}, LineageClass::same_lineage);
  copy.equal_hashes = true;
  const ScanMatch parent = match("parent", 0.9, 0.9, LineageClass::derived);
  EXPECT_THAT(ranked({parent, copy}, {}), ElementsAre("copy", "parent"));
}

TEST(MatchRanking, AChildStandsBehindRelativesOfOpenDirection) {
  ScanMatch child = match("child", 0.9, 0.9, LineageClass::derived);
  child.lineage.direction = Direction::b_to_a;
  child.shared_words = 200;
  EXPECT_THAT(ranked({child, match("shared", 1, 1, LineageClass::shared_initialisation),
                      match("relative", 0.1, 0.1, LineageClass::same_lineage)},
                     {}),
              ElementsAre("relative", "child", "shared"));
}

TEST(MatchRanking, AParentStandsBeforeAChild) {
  ScanMatch child = match("child", 0.9, 0.9, LineageClass::derived);
  child.lineage.direction = Direction::b_to_a;
  ScanMatch parent = match("parent", 0.1, 0.1, LineageClass::derived);
  parent.lineage.direction = Direction::a_to_b;
  EXPECT_THAT(ranked({child, parent}, {}), ElementsAre("parent", "child"));
}

TEST(MatchRanking, KeepsTheRelationsAskedFor) {
  const std::vector<ScanMatch> matches = {match("twin", 1),
                                          match("parent", 0.1, 0.1, LineageClass::derived)};
  EXPECT_THAT(ranked(matches, {.relations = {LineageClass::derived}}), ElementsAre("parent"));
  EXPECT_THAT(ranked(matches, {.relations = {LineageClass::inconclusive}}), ElementsAre("twin"));
  EXPECT_THAT(ranked(matches, {.relations = {LineageClass::identical}}), IsEmpty());
}

TEST(MatchRanking, LongRowsRankAsShortOnes) {
  std::vector<ScanMatch> matches;
  std::vector<std::string> best;
  for (int i = 0; i < 5000; ++i) {
    const bool is_best = i % 1000 == 999;
    if (is_best) best.push_back(std::to_string(i));
    matches.push_back(match(std::to_string(i), is_best ? 0.9 : 0.5 + 1e-5 * (i % 1000)));
  }
  EXPECT_EQ(ranked(matches, {.top_k = 5}), best);
}

}  // namespace
}  // namespace prov::search
