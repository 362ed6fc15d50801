// Candidates whose weights lie on this machine are compared by them.
#include "search/deep_tests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "provenancekit/fingerprint.hpp"
#include "provenancekit/scan.hpp"
#include "store/fingerprint_record.hpp"
#include "unit/store/sample_records.hpp"

namespace prov::search {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

const fs::path kZoo = PROV_REPOSITORY "/tests/zoo";

/// Counts the phases that name a model.
class PhaseList : public Progress {
 public:
  void phase(std::string_view name) override { phases.emplace_back(name); }
  void expect(std::uint64_t) override {}
  void advance(std::uint64_t) override {}
  std::vector<std::string> phases;
};

class DeepTestsTest : public testing::Test {
 protected:
  fs::path copy_of(const std::string& model, const std::string& name) const {
    const fs::path copy = folder_.path() / name;
    fs::create_directories(copy.parent_path());
    fs::copy(kZoo / model, copy, fs::copy_options::recursive);
    return copy;
  }
  /// A record of the model at `path` that says it lies at `source`.
  void add(const std::string& id, const fs::path& path, const std::string& source,
           const std::string& revision = "", Depth depth = Depth::standard) const {
    const std::vector<std::byte> file =
        fingerprint_model(path.string(), {.depth = depth}).value().file;
    store::Record record = store::record_of_fingerprint(file, id, id).value();
    record.source = source;
    record.revision = revision;
    ASSERT_TRUE(store::add(store_, record).has_value());
  }
  Scan scan_of(const std::string& model, ScanOptions options = {}) const {
    options.top_k = 10;
    return scan((kZoo / model).string(), database_.string(), options).value();
  }
  /// The match of the only record.
  ScanMatch only_match(const ScanOptions& options = {}) const {
    const Scan found = scan_of("qwen-a-sft", options);
    EXPECT_EQ(found.matches.size(), 1U);
    return found.matches.at(0);
  }

  /// Other weights in the place of those of the only record leave its fingerprint and a reason.
  void expect_refused_once_changed(const fs::path& model) const {
    fs::remove_all(model);
    copy_of("qwen-a2", model.filename().string());
    const ScanMatch match = only_match();
    EXPECT_EQ(match.compared_by, ComparedBy::fingerprint);
    EXPECT_EQ(match.lineage.lineage_class, LineageClass::same_lineage);
    EXPECT_THAT(match.lineage.reasons,
                Contains(HasSubstr("other weights than those of the record")));
  }

  tests::TempFolder folder_;
  fs::path database_ = folder_.path() / "models.db";
  store::Store store_ = store::test::open_store(database_);
};

TEST_F(DeepTestsTest, TheLineageIsThatOfTheWeights) {
  const fs::path model = copy_of("qwen-a", "model");
  add("parent", model, model.string());
  const ScanMatch match = only_match();
  EXPECT_EQ(match.compared_by, ComparedBy::weights);
  EXPECT_TRUE(match.weights_compared);
  const Lineage lineage = compare(model.string(), (kZoo / "qwen-a-sft").string()).value().lineage;
  EXPECT_EQ(match.lineage.lineage_class, lineage.lineage_class);
  EXPECT_EQ(match.lineage.relation, lineage.relation);
  EXPECT_EQ(match.lineage.reasons, lineage.reasons);
  EXPECT_EQ(match.lineage.agreement.size(), lineage.agreement.size());
  EXPECT_FALSE(lineage.agreement.empty());  // which no fingerprint has
}

TEST_F(DeepTestsTest, ARecordOfSamplesLeadsToItsWeightsToo) {
  const fs::path model = copy_of("qwen-a", "model");
  add("parent", model, model.string(), "", Depth::fast);
  EXPECT_EQ(only_match().compared_by, ComparedBy::weights);
  expect_refused_once_changed(model);
}

TEST_F(DeepTestsTest, SamplesOfTheScannedModelAreComparedByFingerprint) {
  const fs::path model = copy_of("qwen-a", "model");
  add("parent", model, model.string());
  add("stranger", kZoo / "qwen-a2", "");
  const Scan found = scan_of("qwen-a-sft", {.sampled = true});
  ASSERT_EQ(found.matches.at(0).model_id, "parent");
  EXPECT_EQ(found.matches[0].compared_by, ComparedBy::fingerprint);
  EXPECT_EQ(found.matches[0].lineage.lineage_class, LineageClass::same_lineage);
  EXPECT_GT(found.matches[0].shared_words, 20U);
  EXPECT_TRUE(found.matches[0].signals.eas.has_value());
  EXPECT_FALSE(found.matches[0].signals.wvc.has_value());
  EXPECT_THAT(found.model.summary.notes, Contains(HasSubstr("Samples of the weights")));
  EXPECT_FALSE(scan_of("qwen-a", {.sampled = true}).matches.at(0).equal_hashes);
}

TEST_F(DeepTestsTest, FastComparesFingerprintsAlone) {
  const fs::path model = copy_of("qwen-a", "model");
  add("parent", model, model.string());
  const ScanMatch match = only_match({.depth = Depth::fast});
  EXPECT_EQ(match.compared_by, ComparedBy::fingerprint);
  EXPECT_EQ(match.lineage.lineage_class, LineageClass::same_lineage);
  EXPECT_THAT(match.lineage.reasons, Each(Not(HasSubstr("not at hand"))));
}

TEST_F(DeepTestsTest, AFolderBesideTheDatabaseIsFound) {
  add("parent", copy_of("qwen-a", "below/model"), "below/model");
  EXPECT_EQ(only_match().compared_by, ComparedBy::weights);
}

TEST_F(DeepTestsTest, ASnapshotInTheCacheOfTheHubIsFoundByItsNameAndRevision) {
  const std::string commit(40, 'c');
  const fs::path snapshot = copy_of("qwen-a", "hub/models--org--name/snapshots/" + commit);
  add("parent", snapshot, "https://huggingface.co/org/name", commit);
  ::setenv("HF_HUB_CACHE", (folder_.path() / "hub").c_str(), 1);
  const ScanMatch match = only_match();
  ::unsetenv("HF_HUB_CACHE");
  EXPECT_EQ(match.compared_by, ComparedBy::weights);
}

TEST_F(DeepTestsTest, WeightsThatAreGoneLeaveTheFingerprintAndAReason) {
  const fs::path model = copy_of("qwen-a", "model");
  add("parent", model, model.string());
  fs::remove_all(model);
  const ScanMatch match = only_match();
  EXPECT_EQ(match.compared_by, ComparedBy::fingerprint);
  EXPECT_EQ(match.lineage.lineage_class, LineageClass::same_lineage);
  EXPECT_THAT(match.lineage.reasons,
              Contains(AllOf(HasSubstr("the weights are not at hand: "), HasSubstr("/model: "))));
}

TEST_F(DeepTestsTest, WeightsThatChangedLeaveTheFingerprintAndAReason) {
  const fs::path model = copy_of("qwen-a", "model");
  add("parent", model, model.string());
  expect_refused_once_changed(model);
}

TEST_F(DeepTestsTest, ARecordThatNamesNoPlaceSaysSo) {
  add("parent", kZoo / "qwen-a", "");
  const ScanMatch match = only_match();
  EXPECT_EQ(match.compared_by, ComparedBy::fingerprint);
  EXPECT_THAT(match.lineage.reasons, Contains(HasSubstr("does not say where they are")));
}

TEST_F(DeepTestsTest, NoNetworkIsAskedForAWeight) {
  ::unsetenv("HF_HUB_OFFLINE");
  add("parent", kZoo / "qwen-a", "http://127.0.0.1:1/model.safetensors");
  const ScanMatch match = only_match();
  ::setenv("HF_HUB_OFFLINE", "1", 1);
  EXPECT_THAT(match.lineage.reasons, Contains(HasSubstr("not on this machine")));
}

TEST_F(DeepTestsTest, ACopyNeedsNoTest) {
  const fs::path model = copy_of("qwen-a-sft", "model");
  add("copy", model, model.string());
  const ScanMatch match = only_match();
  EXPECT_TRUE(match.equal_hashes);
  EXPECT_EQ(match.compared_by, ComparedBy::fingerprint);
}

TEST_F(DeepTestsTest, AStrangerIsNotWorthOne) {
  const fs::path model = copy_of("gpt2-a2", "model");
  add("stranger", model, model.string());
  EXPECT_EQ(only_match({.threshold = 0}).compared_by, ComparedBy::fingerprint);
}

TEST_F(DeepTestsTest, AStrangerThatLooksAkinIsTold) {
  const fs::path model = copy_of("gpt2-a2", "model");
  add("stranger", model, model.string());
  const Scan open = scan_of("gpt2-a-sft", {.threshold = 0, .depth = Depth::fast});
  ASSERT_EQ(open.matches.size(), 1U);
  EXPECT_EQ(open.matches[0].lineage.lineage_class, LineageClass::inconclusive);
  const Scan found = scan_of("gpt2-a-sft", {.threshold = 0});
  ASSERT_EQ(found.matches.size(), 1U);
  EXPECT_EQ(found.matches[0].lineage.lineage_class, LineageClass::independent);
  EXPECT_TRUE(found.matches[0].weights_compared);
}

TEST_F(DeepTestsTest, NoMoreThanThreeAreTestedAndProgressNamesThem) {
  const fs::path model = copy_of("qwen-a", "model");
  for (const char* id : {"a", "b", "c", "d", "e"}) add(id, model, model.string());
  PhaseList progress;
  const Scan found = scan_of("qwen-a-sft", {.progress = &progress});
  ASSERT_EQ(found.matches.size(), 5U);
  std::size_t by_weights = 0;
  for (const ScanMatch& match : found.matches) {
    if (match.compared_by == ComparedBy::weights)
      ++by_weights;
    else
      EXPECT_THAT(match.lineage.reasons, Contains(HasSubstr("3 better candidates")));
  }
  EXPECT_EQ(by_weights, kMostDeepTests);
  EXPECT_THAT(progress.phases, Contains("comparing with the weights of a"));
  EXPECT_THAT(progress.phases, Not(Contains("comparing with the weights of d")));
}

}  // namespace
}  // namespace prov::search
