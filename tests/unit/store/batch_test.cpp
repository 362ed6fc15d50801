#include "store/batch.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

using test::indexed;
using test::open_store;
using test::sample_record;
using testing::IsEmpty;

class BatchTest : public testing::Test {
 protected:
  tests::TempFolder folder_;
  Store store_ = open_store(folder_.path() / "models.db");
};

TEST_F(BatchTest, WhatIsNotCommittedNeverHappened) {
  {
    Batch batch = *Batch::begin(store_);
    ASSERT_TRUE(batch.add(sample_record(1)));
    EXPECT_EQ(*store_.count(), 1U);
  }
  EXPECT_EQ(*store_.count(), 0U);
  EXPECT_THAT(indexed(store_), IsEmpty());
}

TEST_F(BatchTest, TellsWhatBecameOfARecord) {
  Record record = sample_record(1);
  EXPECT_EQ(*add(store_, record), Outcome::added);
  EXPECT_EQ(*add(store_, record), Outcome::unchanged);
  record.parts["sketch"][0] ^= std::byte{1};
  const Error error = add(store_, record).error();
  EXPECT_EQ(error.code, ErrorCode::duplicate);
  EXPECT_EQ(error.field, record.id);
  EXPECT_EQ(*add(store_, record, Existing::keep), Outcome::kept);
  EXPECT_NE(**store_.find(record.id), record);
  EXPECT_EQ(*add(store_, record, Existing::replace), Outcome::replaced);
  EXPECT_EQ(**store_.find(record.id), record);
  EXPECT_EQ(*store_.count(), 1U);
}

TEST_F(BatchTest, EveryFactOfARecordChangesItsDigest) {
  const Record record = sample_record(1);
  std::set<std::string> digests = {base::hex(digest_of(record))};
  const std::vector<std::function<void(Record&)>> changes = {
      [](Record& r) { r.id += "x"; },
      [](Record& r) { r.publisher += "x"; },
      [](Record& r) { r.family += "x"; },
      [](Record& r) { r.architecture += "x"; },
      [](Record& r) { r.source += "x"; },
      [](Record& r) { r.revision += "x"; },
      [](Record& r) { r.licence += "x"; },
      [](Record& r) { r.metadata_json += " "; },
      [](Record& r) { r.content_key = ""; },
      [](Record& r) { r.has_weights = false; },
      [](Record& r) { r.parts["sketch"][7] ^= std::byte{1}; },
      [](Record& r) { r.parts["other"] = {}; },
      [](Record& r) { r.parts.erase("empty"); },
      [](Record& r) { r.words[3] ^= 1; },
      [](Record& r) { r.words.clear(); },
  };
  for (const auto& change : changes) {
    Record other = record;
    change(other);
    digests.insert(base::hex(digest_of(other)));
  }
  EXPECT_EQ(digests.size(), changes.size() + 1);
}

// Digests are compared between databases of all versions: this one never changes.
TEST_F(BatchTest, TheDigestOfARecordIsFixed) {
  EXPECT_EQ(base::hex(digest_of(sample_record(1))),
            "ae0352cc483f500cd5c516d4ff9aa70a13d58d093fea2fa99fee3ff846b778b3");
  EXPECT_EQ(base::hex(digest_of(Record())),
            "41421605c4b2b8e1f6f03a0a8e8351ad68251b8462430748b347587584e6b6ce");
}

TEST_F(BatchTest, WordsAreASet) {
  Record record = sample_record(1);
  record.words = {9, 3, 9, 1};
  const base::Sha256Digest digest = digest_of(record);
  ASSERT_TRUE(add(store_, record));
  EXPECT_EQ((*store_.find(record.id))->words, (std::vector<std::uint64_t>{1, 3, 9}));
  record.words = {1, 3, 9};
  EXPECT_EQ(digest_of(record), digest);
}

TEST_F(BatchTest, RemovesARecordWithAllThatBelongsToIt) {
  ASSERT_TRUE(add(store_, sample_record(1)));
  ASSERT_TRUE(add(store_, sample_record(2)));
  EXPECT_TRUE(*remove(store_, "org/model-1"));
  EXPECT_FALSE(*remove(store_, "org/model-1"));
  EXPECT_EQ(*store_.count(), 1U);
  EXPECT_EQ(*store_.database().number("SELECT count(*) FROM part"), 4);
  EXPECT_EQ(indexed(store_), postings_of(sample_record(2).words, 2));
  EXPECT_EQ(**store_.find("org/model-2"), sample_record(2));
}

TEST_F(BatchTest, OneBatchCanAddReplaceAndRemove) {
  Batch batch = *Batch::begin(store_);
  Record record = sample_record(1);
  ASSERT_TRUE(batch.add(record));
  record.words = {1, 2, 3};
  EXPECT_EQ(*batch.add(record, Existing::replace), Outcome::replaced);
  ASSERT_TRUE(batch.add(sample_record(2)));
  EXPECT_TRUE(*batch.remove("org/model-2"));
  ASSERT_TRUE(batch.commit());
  EXPECT_EQ(**store_.find("org/model-1"), record);
  EXPECT_EQ(indexed(store_).size(), 3U);
}

TEST_F(BatchTest, RemovesADamagedRecordWithItsWords) {
  ASSERT_TRUE(add(store_, sample_record(1)));
  ASSERT_TRUE(add(store_, sample_record(2)));
  ASSERT_TRUE(store_.database().run(
      "UPDATE part SET bytes = zeroblob(size) WHERE model = 1 AND name = 'words'"));
  EXPECT_TRUE(*remove(store_, "org/model-1"));
  EXPECT_EQ(indexed(store_), postings_of(sample_record(2).words, 2));
  ASSERT_TRUE(store_.database().run("DELETE FROM part WHERE name = 'words'"));
  EXPECT_TRUE(*remove(store_, "org/model-2"));
  EXPECT_THAT(indexed(store_), IsEmpty());
}

TEST_F(BatchTest, RefusesRecordsThatBreakTheRules) {
  struct Case {
    std::string field;
    ErrorCode code;
    std::function<void(Record&)> spoil;
  };
  const std::vector<Case> cases = {
      {"id", ErrorCode::invalid_argument, [](Record& r) { r.id = ""; }},
      {"id", ErrorCode::too_large, [](Record& r) { r.id.assign(513, 'a'); }},
      {"id", ErrorCode::invalid_argument, [](Record& r) { r.id = "\xff"; }},
      {"id", ErrorCode::invalid_argument, [](Record& r) { r.id = std::string("a\0b", 3); }},
      {"family", ErrorCode::too_large, [](Record& r) { r.family.assign(4097, 'a'); }},
      {"metadata", ErrorCode::invalid_argument, [](Record& r) { r.metadata_json = "[]"; }},
      {"metadata", ErrorCode::invalid_argument, [](Record& r) { r.metadata_json = ""; }},
      {"content_key", ErrorCode::invalid_argument, [](Record& r) { r.content_key = "12"; }},
      {"words", ErrorCode::too_large, [](Record& r) { r.words.resize(65537); }},
      {"parts", ErrorCode::invalid_argument, [](Record& r) { r.parts["words"]; }},
      {"parts", ErrorCode::invalid_argument, [](Record& r) { r.parts["../x"]; }},
      {"parts", ErrorCode::invalid_argument, [](Record& r) { r.parts[""]; }},
      {"sketch", ErrorCode::too_large,
       [](Record& r) { r.parts["sketch"].resize(64 * 1024 * 1024 + 1); }},
  };
  Batch batch = *Batch::begin(store_);
  for (const Case& wrong : cases) {
    Record record = sample_record(1);
    wrong.spoil(record);
    const Result<Outcome> outcome = batch.add(record);
    ASSERT_FALSE(outcome) << wrong.field;
    EXPECT_EQ(outcome.error().code, wrong.code) << outcome.error().to_string();
    EXPECT_EQ(outcome.error().field, wrong.field);
  }
  // The batch goes on all the same.
  ASSERT_TRUE(batch.add(sample_record(2)));
  ASSERT_TRUE(batch.commit());
  EXPECT_EQ(*store_.count(), 1U);
}

}  // namespace
}  // namespace prov::store
