// Rankings of the published kit on its own database, each query one of its records. Source:
// specification of the kit, appendix A.3 (without weight signals, threshold 0.5).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "search/kit_scan.hpp"
#include "search/match_ranking.hpp"
#include "signals/parameter_estimate.hpp"

namespace prov::search {
namespace {

using Ranking = std::vector<std::pair<std::string, double>>;

struct Known {
  KnownModel model;
  signals::Fingerprint fingerprint;
};

/// All records of the database.
const std::vector<Known>& records() {
  static const std::vector<Known> all = [] {
    std::vector<Known> read;
    std::vector<Error> damaged;
    const auto known = open_known_models(PROV_KIT_DATABASE);
    EXPECT_TRUE(known.has_value()) << known.error().to_string();
    const Result<void> visited = (*known)->for_each(
        [](const KnownModel&) { return true; },
        [&](const KnownModel& model, const signals::Fingerprint& fingerprint) -> Result<void> {
          read.push_back({model, fingerprint});
          return {};
        },
        damaged);
    EXPECT_TRUE(visited.has_value() && damaged.empty());
    return read;
  }();
  return all;
}

std::vector<ScanMatch> matches_of(const std::string& model_id) {
  const ScanOptions options{.top_k = 5};
  MatchRanking ranking(options);
  for (const Known& query : records()) {
    if (query.model.model_id != model_id) continue;
    const KitQuery asked{&query.fingerprint, {query.model.param_bucket}};
    for (const Known& known : records()) {
      if (may_match(asked, known.model))
        ranking.add(score_by_kit(asked, known.model, known.fingerprint));
    }
  }
  return std::move(ranking).take();
}

TEST(ScanRankings, HoldAllRecordsAndTheirSizeClasses) {
  EXPECT_EQ(records().size(), 152u);
  for (const Known& known : records()) {
    EXPECT_EQ(signals::parameter_bucket(signals::estimated_parameters(*known.fingerprint.mfi)),
              known.model.param_bucket)
        << known.model.model_id;
    EXPECT_TRUE(known.fingerprint.tfv.has_value()) << known.model.model_id;
  }
}

TEST(ScanRankings, AreThoseOfTheKit) {
  const std::map<std::string, Ranking> rankings = {{"Llama-3.1-8B",
                                                    {{"DeepSeek-R1-Distill-Llama-8B", 1},
                                                     {"Llama-3.1-8B-Instruct", 1},
                                                     {"Llama-3.1-8B", 1},
                                                     {"Meta-Llama-3-8B", 1},
                                                     {"Hermes-3-Llama-3.1-8B", 1}}},
                                                   {"Mistral-7B-v0.1",
                                                    {{"zephyr-7b-beta", 1},
                                                     {"Mistral-7B-v0.1", 1},
                                                     {"Mistral-7B-Instruct-v0.3", 0.9972},
                                                     {"Ministral-3-8B-Base-2512", 0.9005},
                                                     {"Yi-1.5-6B", 0.8992}}},
                                                   {"Qwen2.5-7B-Instruct",
                                                    {{"NextCoder-7B", 1},
                                                     {"Qwen2-7B-Instruct", 1},
                                                     {"Qwen2.5-7B-Instruct", 1},
                                                     {"Qwen2.5-Coder-7B-Instruct", 1},
                                                     {"Qwen2-Math-7B", 0.9194}}},
                                                   {"pythia-6.9b",
                                                    {{"pythia-6.9b", 1},
                                                     {"RedPajama-INCITE-7B-Base", 1},
                                                     {"stablelm-3b-4e1t", 0.8142},
                                                     {"falcon-7b", 0.7712},
                                                     {"gpt-neox-20b", 0.7339}}},
                                                   {"Llama-3.2-1B",
                                                    {{"Llama-3.2-1B", 1},
                                                     {"internlm2_5-1_8b-chat", 0.6276},
                                                     {"DeepSeek-R1-Distill-Llama-8B", 0.6048},
                                                     {"Llama-3.1-8B", 0.6048},
                                                     {"Llama-3.2-3B", 0.6048}}},
                                                   {"bloomz-560m",
                                                    {{"bloomz-560m", 1},
                                                     {"xlm-roberta-large", 0.9109},
                                                     {"gpt2-medium", 0.7339},
                                                     {"aya-101", 0.6851},
                                                     {"Yi-Coder-1.5B", 0.6841}}},
                                                   {"roberta-base",
                                                    {{"roberta-base", 1},
                                                     {"xlm-roberta-base", 0.8953},
                                                     {"gpt2", 0.8306},
                                                     {"bert-base-uncased", 0.7831},
                                                     {"chatglm3-6b", 0.6568}}},
                                                   {"falcon-7b",
                                                    {{"falcon-7b", 1},
                                                     {"chatglm3-6b", 0.8165},
                                                     {"pythia-6.9b", 0.7712},
                                                     {"RedPajama-INCITE-7B-Base", 0.7712},
                                                     {"OLMo-3-7B-Instruct", 0.7478}}},
                                                   {"gpt2",
                                                    {{"gpt2", 1},
                                                     {"roberta-base", 0.8306},
                                                     {"bert-base-uncased", 0.7831},
                                                     {"xlm-roberta-base", 0.734},
                                                     {"gpt2-medium", 0.7339}}}};
  for (const auto& [query, expected] : rankings) {
    Ranking ranking;
    for (const ScanMatch& match : matches_of(query))
      ranking.emplace_back(match.model_id, match.scores.pipeline_score);
    EXPECT_EQ(ranking, expected) << query;
  }
}

TEST(ScanRankings, NameTheKindOfMatchAsTheKit) {
  const std::vector<ScanMatch> llama = matches_of("Llama-3.1-8B");
  ASSERT_EQ(llama.size(), 5u);
  EXPECT_EQ(llama[0].match_type, "exact_arch");
  EXPECT_EQ(llama[0].scores.provenance_decision, "Confirmed Match");
  EXPECT_EQ(llama[3].match_type, "mfi_only");  // equal in every field that the kit looks at
  const std::vector<ScanMatch> gpt2 = matches_of("gpt2");
  ASSERT_EQ(gpt2.size(), 5u);
  EXPECT_EQ(gpt2[4].match_type, "family_hash");  // demoted to tier 3 for its dimensions
  EXPECT_EQ(gpt2[4].scores.mfi_tier, 3);
}

}  // namespace
}  // namespace prov::search
