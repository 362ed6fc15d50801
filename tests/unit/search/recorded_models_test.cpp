#include "search/recorded_models.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "unit/search/sample_database.hpp"

namespace prov::search {
namespace {

using test::add_record;
using test::fingerprint_of_size;
using test::record_of;
using testing::ElementsAre;

class RecordedModelsTest : public testing::Test {
 protected:
  std::vector<KnownModel> visit(const KnownModels::Wants& wants = [](const auto&) {
    return true;
  }) {
    const auto known = open_known_models(path_.string());
    EXPECT_TRUE(known.has_value()) << known.error().to_string();
    std::vector<KnownModel> seen;
    const Result<void> all = (*known)->for_each(
        wants,
        [&](const KnownModel& model, const signals::Fingerprint&) -> Result<void> {
          seen.push_back(model);
          return {};
        },
        damaged_);
    EXPECT_TRUE(all.has_value()) << all.error().to_string();
    notes_ = (*known)->notes();
    return seen;
  }

  tests::TempFolder folder_;
  std::filesystem::path path_ = folder_.path() / "models.db";
  store::Store store_ = store::test::open_store(path_);
  std::vector<Error> damaged_;
  std::vector<std::string> notes_;
};

TEST_F(RecordedModelsTest, ComeInTheOrderInWhichTheyWereAdded) {
  for (const char* id : {"z", "a", "m"}) add_record(store_, record_of(id, fingerprint_of_size(7)));
  std::vector<std::string> ids;
  for (const KnownModel& model : visit()) ids.push_back(model.asset_id);
  EXPECT_THAT(ids, ElementsAre("z", "a", "m"));
}

TEST_F(RecordedModelsTest, NamesComeFromTheMetadata) {
  add_record(store_, record_of("id", fingerprint_of_size(7),
                               R"({"asset_id": "asset", "model_id": "model", "family_id": "f--g",
                            "family_name": "G", "param_bucket": "40B+", "source_uri": "uri"})"));
  const std::vector<KnownModel> models = visit();
  ASSERT_EQ(models.size(), 1u);
  EXPECT_EQ(models[0].asset_id, "asset");
  EXPECT_EQ(models[0].model_id, "model");
  EXPECT_EQ(models[0].family_id, "f--g");
  EXPECT_EQ(models[0].family_name, "G");
  EXPECT_EQ(models[0].param_bucket, "40B+");  // what is said counts
  EXPECT_EQ(models[0].source_uri, "uri");
  EXPECT_EQ(models[0].publisher, "zoo");
}

TEST_F(RecordedModelsTest, WhatTheMetadataDoNotSayComesFromTheFields) {
  add_record(store_, record_of("id", fingerprint_of_size(2'000'000'000), R"({"model_id": 7})"));
  const std::vector<KnownModel> models = visit();
  ASSERT_EQ(models.size(), 1u);
  EXPECT_EQ(models[0].asset_id, "id");
  EXPECT_EQ(models[0].model_id, "id");
  EXPECT_EQ(models[0].family_id, "family");
  EXPECT_EQ(models[0].family_name, "family");
  EXPECT_EQ(models[0].param_bucket, "1-10B");
  EXPECT_EQ(models[0].source_uri, "source");
}

TEST_F(RecordedModelsTest, MayHoldABundleOfThePublishedKit) {
  store::Record record = record_of("kit", {}, R"({"family_id": "zoo--qwen"})");
  std::ifstream file(PROV_REPOSITORY
                     "/tests/support/kit_folder/features/base/by-family/zoo--qwen/"
                     "qwen-a_features.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(text));
  record.parts["signals"].assign(bytes.begin(), bytes.end());
  add_record(store_, record);
  record.id = "broken";
  record.parts["signals"] = {std::byte{'{'}, std::byte{'}'}};
  add_record(store_, record);
  const std::vector<KnownModel> models = visit();
  ASSERT_EQ(models.size(), 1u);
  EXPECT_EQ(models[0].param_bucket, "<=1B");
  EXPECT_EQ(models[0].family_id, "zoo--qwen");
  EXPECT_EQ(models[0].family_name, "family");
  ASSERT_EQ(damaged_.size(), 1u);
  EXPECT_EQ(damaged_[0].field, "mfi");
}

TEST_F(RecordedModelsTest, DamagedRecordIsNamedAndLeftOut) {
  for (const char* id : {"a", "b", "c"}) add_record(store_, record_of(id, fingerprint_of_size(7)));
  store::Record other = record_of("d", fingerprint_of_size(7));
  other.parts["signals"] = {std::byte{'?'}};  // whole, but no signals
  add_record(store_, other);
  test::damage_signals(store_, "b");
  std::vector<std::string> ids;
  for (const KnownModel& model : visit()) ids.push_back(model.asset_id);
  EXPECT_THAT(ids, ElementsAre("a", "c"));
  ASSERT_EQ(damaged_.size(), 2u);
  EXPECT_THAT(damaged_[0].to_string(), testing::HasSubstr("b"));
  EXPECT_EQ(damaged_[1].file, "d");
}

TEST_F(RecordedModelsTest, RecordWithoutSignalsIsCounted) {
  store::Record sketch_only = record_of("a", {});
  sketch_only.parts.erase("signals");
  add_record(store_, sketch_only);
  EXPECT_TRUE(visit().empty());
  EXPECT_TRUE(damaged_.empty());
  EXPECT_THAT(notes_, ElementsAre("1 records hold no signals of the kit, and have no score here."));
}

TEST_F(RecordedModelsTest, FilterIsAskedAgainOnceTheSizeIsKnown) {
  add_record(store_, record_of("small", fingerprint_of_size(7)));
  add_record(store_, record_of("large", fingerprint_of_size(50'000'000'000)));
  const std::vector<KnownModel> models =
      visit([](const KnownModel& model) { return model.param_bucket == "40B+"; });
  ASSERT_EQ(models.size(), 1u);
  EXPECT_EQ(models[0].asset_id, "large");
}

TEST_F(RecordedModelsTest, ErrorOfTheVisitorEndsTheVisit) {
  for (const char* id : {"a", "b"}) add_record(store_, record_of(id, fingerprint_of_size(7)));
  const auto known = open_recorded_models(path_);
  ASSERT_TRUE(known.has_value());
  int seen = 0;
  const Result<void> all =
      (*known)->for_each([](const KnownModel&) { return true; },
                         [&](const KnownModel&, const signals::Fingerprint&) -> Result<void> {
                           ++seen;
                           return Error{.code = ErrorCode::cancelled, .message = "stopped"};
                         },
                         damaged_);
  ASSERT_FALSE(all.has_value());
  EXPECT_EQ(all.error().code, ErrorCode::cancelled);
  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace prov::search
