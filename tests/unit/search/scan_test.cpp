#include "provenancekit/scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "unit/search/sample_database.hpp"
#include "verdict/prepared_model.hpp"

namespace prov {
namespace {

using search::test::add_record;
using search::test::record_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kZoo = PROV_REPOSITORY "/tests/zoo/";
const std::string kKitFolder = PROV_REPOSITORY "/tests/support/kit_folder";

Scan scanned(const std::string& model, const std::string& database,
             const ScanOptions& options = {}) {
  Result<Scan> result = scan(kZoo + model, database, options);
  EXPECT_TRUE(result.has_value()) << result.error().to_string();
  return *std::move(result);
}

std::vector<std::string> ids(const Scan& result) {
  std::vector<std::string> names;
  for (const ScanMatch& match : result.matches) names.push_back(match.model_id);
  return names;
}

/// All signals of a model of the zoo, its weights' included.
signals::Fingerprint fingerprint_of(const std::string& model) {
  auto prepared = verdict::open_prepared(kZoo + model);
  EXPECT_TRUE(prepared && verdict::read_weights(*prepared, {}));
  return {.weights = prepared->weights, .mfi = prepared->mfi, .tfv = prepared->tfv};
}

TEST(Scan, OfAKitFolderGivesItsScoresAndNoProof) {
  const Scan result = scanned("qwen-a-sft", kKitFolder);
  EXPECT_THAT(ids(result), ElementsAre("qwen-a2", "qwen-a", "gpt2-a"));  // a tie keeps its order
  EXPECT_EQ(result.database.records, 6u);
  EXPECT_EQ(result.database.candidates, 4u);
  EXPECT_EQ(result.matches[0].match_type, "exact_arch");
  EXPECT_EQ(result.matches[0].scores.provenance_decision, "Confirmed Match");
  for (const ScanMatch& match : result.matches) {
    EXPECT_EQ(match.lineage.lineage_class, LineageClass::inconclusive);
    EXPECT_FALSE(match.weights_compared);
    ASSERT_EQ(match.lineage.reasons.size(), 1u);
    EXPECT_THAT(match.lineage.reasons[0], HasSubstr("Weights not compared: the record has no"));
    EXPECT_EQ(match.scores.identity_score, std::nullopt);
  }
}

TEST(Scan, NamesADamagedRecordAndGoesOn) {
  const Scan result = scanned("gpt2-a", kKitFolder, {.top_k = 9, .threshold = 0});
  EXPECT_EQ(result.matches.size(), 4u);
  ASSERT_EQ(result.database.damaged.size(), 1u);
  EXPECT_EQ(result.database.damaged[0].field, "mfi.arch_hash");
  EXPECT_THAT(result.database.damaged[0].file, HasSubstr("gpt2-damaged"));
}

TEST(Scan, FiltersByPublisherFamilyAndRelation) {
  const ScanOptions all{.top_k = 9, .threshold = 0};
  const auto with = [&](auto change) {
    ScanOptions options = all;
    change(options);
    return ids(scanned("qwen-a", kKitFolder, options));
  };
  EXPECT_THAT(with([](ScanOptions& o) { o.publisher = "elsewhere"; }), ElementsAre("bert-a"));
  EXPECT_THAT(with([](ScanOptions& o) { o.family = "zoo--gpt2"; }), ElementsAre("gpt2-a"));
  EXPECT_THAT(with([](ScanOptions& o) { o.family = "GPT2 of the zoo"; }), ElementsAre("gpt2-a"));
  EXPECT_THAT(with([](ScanOptions& o) { o.family = "zoo"; }), IsEmpty());
  EXPECT_THAT(with([](ScanOptions& o) { o.relations = {LineageClass::derived}; }), IsEmpty());
}

TEST(Scan, DescribesTheModelWithCountedParameters) {
  const ScannedModel model = scanned("qwen-a", kKitFolder).model;
  EXPECT_EQ(model.summary.model_type, "qwen2");
  EXPECT_THAT(model.architectures, ElementsAre("Qwen2ForCausalLM"));
  EXPECT_EQ(model.hidden_size, 128);
  EXPECT_EQ(model.num_key_value_heads, 2);
  EXPECT_EQ(model.summary.parameters, 1165440u);
  EXPECT_EQ(model.param_bucket, "<=1B");
  EXPECT_TRUE(model.has_weight_signals);
}

class ScanOfRecords : public testing::Test {
 protected:
  tests::TempFolder folder_;
  std::filesystem::path path_ = folder_.path() / "models.db";
  store::Store store_ = store::test::open_store(path_);
};

TEST_F(ScanOfRecords, RanksByIdentityAmongEqualConfigurations) {
  for (const char* name : {"qwen-a2", "gpt2-a", "qwen-a"}) {
    store::Record record = record_of(name, fingerprint_of(name));
    record.has_weights = true;
    add_record(store_, record);
  }
  const Scan result = scanned("qwen-a-sft", path_.string());
  ASSERT_THAT(ids(result), ElementsAre("qwen-a", "qwen-a2", "gpt2-a"));
  EXPECT_EQ(result.matches[0].scores.pipeline_score, result.matches[1].scores.pipeline_score);
  EXPECT_GT(result.matches[0].scores.identity_score.value(),
            result.matches[1].scores.identity_score.value() + 0.1);
  EXPECT_EQ(result.matches[0].param_bucket, "<=1B");
  EXPECT_EQ(result.matches[0].lineage.lineage_class, LineageClass::inconclusive);
  EXPECT_THAT(result.matches[0].lineage.reasons.at(0), HasSubstr("Weights not compared"));
}

TEST_F(ScanOfRecords, EmptyDatabaseIsAnErrorThatSaysHowToFillIt) {
  const Result<Scan> result = scan(kZoo + "qwen-a", path_.string());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::not_found);
  EXPECT_EQ(result.error().file, path_.string());
  EXPECT_THAT(result.error().to_string(), HasSubstr("no records"));
  EXPECT_THAT(result.error().hint, HasSubstr("db import"));
}

TEST_F(ScanOfRecords, MissingDatabaseIsAnErrorThatSaysHowToMakeIt) {
  const Result<Scan> result = scan(kZoo + "qwen-a", (folder_.path() / "none.db").string());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::not_found);
  EXPECT_THAT(result.error().to_string(), HasSubstr("none.db"));
  EXPECT_THAT(result.error().hint, HasSubstr("db import"));
}

TEST_F(ScanOfRecords, RecordWithoutConfigurationHasNoScore) {
  signals::Fingerprint bare;
  add_record(store_, record_of("bare", bare, R"({"param_bucket": "<=1B"})"));
  const Scan result = scanned("qwen-a", path_.string(), {.threshold = 0});
  EXPECT_THAT(result.matches, IsEmpty());
  EXPECT_THAT(result.database.notes,
              ElementsAre("1 records have no configuration, and so no score here."));
}

TEST_F(ScanOfRecords, RecordWithScoresOutOfRangeIsLeftOut) {
  const signals::Fingerprint forged = search::test::fingerprint_of_size(-1'000'000'000'000);
  add_record(store_, record_of("forged", forged, R"({"param_bucket": "<=1B"})"));
  const Scan result = scanned("qwen-a", path_.string(), {.threshold = 0});
  EXPECT_THAT(result.matches, IsEmpty());
  ASSERT_EQ(result.database.damaged.size(), 1u);
  EXPECT_EQ(result.database.damaged[0].file, "forged");
}

TEST(Scan, OfWeightsAloneFindsNothingAndSaysWhy) {
  const tests::TempFolder folder;
  folder.link("model.safetensors", kZoo + "qwen-a/model.safetensors");
  const Result<Scan> result = scan(folder.string(), kKitFolder, {.threshold = 0});
  ASSERT_TRUE(result.has_value()) << result.error().to_string();
  EXPECT_THAT(result->matches, IsEmpty());
  EXPECT_EQ(result->database.candidates, 0u);
  EXPECT_THAT(result->database.notes, ElementsAre(HasSubstr("no config.json")));
}

TEST(Scan, RefusesOptionsOutOfRange) {
  EXPECT_EQ(scan(kZoo + "qwen-a", kKitFolder, {.top_k = 0}).error().code,
            ErrorCode::invalid_argument);
  for (const double threshold : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(scan(kZoo + "qwen-a", kKitFolder, {.threshold = threshold}).error().code,
              ErrorCode::invalid_argument);
  }
}

TEST(Scan, EndsSoonAfterAStop) {
  std::stop_source source;
  source.request_stop();
  const Result<Scan> result = scan(kZoo + "qwen-a", kKitFolder, {.stop = source.get_token()});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace prov
