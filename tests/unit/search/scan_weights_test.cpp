// Scanning by weights, on trained models: what is found, in which order, and what is not.
#include <gtest/gtest.h>

#include <set>

#include "provenancekit/fingerprint.hpp"
#include "provenancekit/scan.hpp"
#include "store/fingerprint_record.hpp"
#include "unit/store/sample_records.hpp"

namespace prov::search {
namespace {

std::string model(const std::string& name) {
  return std::string(PROV_REPOSITORY) + "/tests/zoo/" + name;
}

class ScanWeightsTest : public testing::Test {
 protected:
  void SetUp() override {
    const store::Store store = store::test::open_store(path());
    for (const char* name : {"gpt2-a", "gpt2-a2", "qwen-a", "qwen-a2"}) {
      const std::vector<std::byte> file = fingerprint_model(model(name)).value().file;
      ASSERT_TRUE(
          store::add(store, store::record_of_fingerprint(file, name, name).value()).has_value());
    }
  }
  std::string path() const { return (folder_.path() / "models.db").string(); }
  Scan scan_of(const std::string& name, double threshold = 0.5) const {
    return scan(model(name), path(), {.top_k = 10, .threshold = threshold}).value();
  }
  tests::TempFolder folder_;
};

TEST_F(ScanWeightsTest, TheParentComesFirstAndTheOtherSeedIsNoRelative) {
  for (const std::string family : {"qwen", "gpt2"}) {
    const Scan found = scan_of(family + "-a-sft");
    ASSERT_GE(found.matches.size(), 2U);
    const ScanMatch& parent = found.matches[0];
    EXPECT_EQ(parent.model_id, family + "-a");
    EXPECT_EQ(parent.lineage.lineage_class, LineageClass::same_lineage);
    EXPECT_TRUE(parent.weights_compared);
    EXPECT_GT(parent.shared_words, 4U);
    EXPECT_GT(parent.strength, 20);
    for (std::size_t i = 1; i < found.matches.size(); ++i)
      EXPECT_EQ(found.matches[i].lineage.lineage_class, LineageClass::inconclusive)
          << found.matches[i].model_id;
  }
}

TEST_F(ScanWeightsTest, AModelFindsItselfByItsHashes) {
  const Scan found = scan_of("qwen-a");
  ASSERT_FALSE(found.matches.empty());
  EXPECT_EQ(found.matches[0].model_id, "qwen-a");
  EXPECT_TRUE(found.matches[0].equal_hashes);
}

TEST_F(ScanWeightsTest, NoModelIsListedTwice) {
  const Scan found = scan_of("gpt2-a-sft", 0);
  std::set<std::string> names;
  for (const ScanMatch& match : found.matches) EXPECT_TRUE(names.insert(match.model_id).second);
  EXPECT_EQ(names.size(), 4U);
}

}  // namespace
}  // namespace prov::search
