#include "store/store.hpp"

#include <gtest/gtest.h>

#include "store/verify.hpp"
#include "store/word_index.hpp"
#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

using test::ids;
using test::indexed;
using test::open_store;
using test::sample_record;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StoreTest : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "models.db"; }
  tests::TempFolder folder_;
};

TEST_F(StoreTest, GivesBackWhatWasAdded) {
  const Record record = sample_record(1);
  {
    const Store store = open_store(path());
    ASSERT_EQ(*add(store, record), Outcome::added);
    EXPECT_EQ(**store.find(record.id), record);
  }
  const Store again = open_store(path(), Mode::read);
  EXPECT_EQ(**again.find(record.id), record);
  EXPECT_EQ(*again.count(), 1U);
  EXPECT_FALSE(again.find("org/other")->has_value());
}

TEST_F(StoreTest, KeepsNamesInAnyWriting) {
  const Store store = open_store(path());
  Record record = sample_record(1);
  for (const char* id : {"a'b\"; DROP TABLE model; --", "\xe6\xa8\xa1\xe5\x9e\x8b", " ", "A", "a",
                         "%", "\x1b[31m"}) {
    record.id = id;
    ASSERT_TRUE(add(store, record)) << id;
    EXPECT_EQ((*store.find(id))->id, id);
  }
  EXPECT_EQ(*store.count(), 7U);
}

TEST_F(StoreTest, ListsByIdAndFilter) {
  const Store store = open_store(path());
  for (const unsigned number : {3U, 1U, 2U, 4U}) ASSERT_TRUE(add(store, sample_record(number)));
  EXPECT_THAT(ids(store), ElementsAre("org/model-1", "org/model-2", "org/model-3", "org/model-4"));
  EXPECT_THAT(ids(store, {.publisher = "odd"}), ElementsAre("org/model-1", "org/model-3"));
  EXPECT_THAT(ids(store, {.publisher = "odd", .family = "family-0"}), ElementsAre("org/model-3"));
  EXPECT_THAT(ids(store, {.family = "family"}), IsEmpty());
}

TEST_F(StoreTest, AVisitEndsWhereTheVisitorSaysSo) {
  const Store store = open_store(path());
  for (unsigned number = 0; number < 5; ++number) ASSERT_TRUE(add(store, sample_record(number)));
  int seen = 0;
  ASSERT_TRUE(store.for_each({}, [&](const auto&) -> Result<bool> { return ++seen < 3; }));
  EXPECT_EQ(seen, 3);
}

TEST_F(StoreTest, StreamsOnePartOfAllRecords) {
  const Store store = open_store(path());
  for (unsigned number = 0; number < 4; ++number) {
    Record record = sample_record(number);
    if (number == 2) record.parts.erase("sketch");
    ASSERT_TRUE(add(store, record));
  }
  std::vector<std::string> found;
  ASSERT_TRUE(store.for_each_part(
      "sketch",
      [&](std::int64_t key, const Result<std::span<const std::byte>>& bytes) -> Result<bool> {
        const Record record = *store.read(key);
        EXPECT_TRUE(std::ranges::equal(*bytes, record.parts.at("sketch")));
        found.push_back(record.id);
        return true;
      }));
  EXPECT_THAT(found, ElementsAre("org/model-0", "org/model-1", "org/model-3"));
}

TEST_F(StoreTest, FindsModelsByTheirWords) {
  const Store store = open_store(path());
  Record a = sample_record(1), b = sample_record(2), c = sample_record(3);
  a.words = {1, 2, 3, 0xffffffffffffffff};
  b.words = {3, 4, 0xffffffffffffffff};
  c.words = {};
  for (const Record& record : {a, b, c}) ASSERT_TRUE(add(store, record));
  WordLists lists = *WordLists::open(store);
  std::vector<std::int64_t> models;
  EXPECT_TRUE(*lists.read(0xffffffffffffffff, 2, models));
  EXPECT_THAT(models, ElementsAre(1, 2));
  EXPECT_FALSE(*lists.read(3, 1, models)) << "two models have it";
  EXPECT_TRUE(*lists.read(2, 1, models));
  EXPECT_THAT(models, ElementsAre(1));
  EXPECT_TRUE(*lists.read(9, 1, models));
  EXPECT_THAT(models, IsEmpty());
}

TEST_F(StoreTest, TheIndexDoesNotDependOnTheBatches) {
  const auto fill = [](const Store& store, unsigned records, unsigned a_batch) {
    for (unsigned i = 0; i < records;) {
      Result<Batch> batch = Batch::begin(store);
      ASSERT_TRUE(batch.has_value());
      for (const unsigned end = i + a_batch; i < end; ++i) {
        Record record = sample_record(i);
        record.words.push_back(i % 3);  // shared, at the end of the range where no sign is set
        record.words.push_back(UINT64_MAX - i % 2);
        ASSERT_TRUE(batch->add(record).has_value());
      }
      ASSERT_TRUE(batch->commit().has_value());
    }
  };
  const Store one = open_store(folder_.path() / "one.db");
  const Store other = open_store(folder_.path() / "other.db");
  fill(one, 30, 1);
  fill(other, 30, 15);
  EXPECT_EQ(indexed(one).size(), 30U * 42U);
  EXPECT_EQ(indexed(one), indexed(other));
  EXPECT_TRUE(verify(other)->is_sound());
}

TEST_F(StoreTest, KeepsCodesSideBySide) {
  const Store store = open_store(path());
  Record with = sample_record(1), without = sample_record(2);
  with.parts["code"] = {std::byte{7}, std::byte{8}};
  ASSERT_TRUE(add(store, without).has_value());
  ASSERT_TRUE(add(store, with).has_value());
  std::vector<std::pair<std::int64_t, std::size_t>> seen;
  const auto visit = [&](std::int64_t key, std::span<const std::byte> code) {
    seen.emplace_back(key, code.size());
  };
  EXPECT_EQ(store.last_key().value(), 2);
  EXPECT_THAT(store.keys_of_part("code").value(), ElementsAre(2));
  EXPECT_THAT(store.keys_of_part("sketch").value(), ElementsAre(1, 2));
  EXPECT_THAT(store.keys_of_part("other").value(), IsEmpty());
  ASSERT_TRUE(visit_codes(store.database(), 1, 2, visit).has_value());
  ASSERT_TRUE(visit_codes(store.database(), 1, 1, visit).has_value());
  EXPECT_EQ(seen, (std::vector<std::pair<std::int64_t, std::size_t>>{{2, 2}}));
  EXPECT_TRUE(verify(store)->is_sound());
  ASSERT_TRUE(store.database().run("UPDATE code SET codes = x'0709'").has_value());
  EXPECT_FALSE(verify(store)->is_sound());
  ASSERT_TRUE(remove(store, with.id).has_value());
  EXPECT_TRUE(verify(store)->is_sound());
}

TEST_F(StoreTest, FindsRecordsByTheirContent) {
  const Store store = open_store(path());
  Record copy = sample_record(1);
  ASSERT_TRUE(add(store, copy));
  copy.id = "copy";
  ASSERT_TRUE(add(store, copy));
  ASSERT_TRUE(add(store, sample_record(2)));
  EXPECT_EQ(store.keys_of_content(copy.content_key)->size(), 2U);
  EXPECT_THAT(*store.keys_of_content(std::string(64, '0')), IsEmpty());
  EXPECT_THAT(*store.keys_of_content(""), IsEmpty());
}

TEST_F(StoreTest, GivesOnePart) {
  const Store store = open_store(path());
  ASSERT_TRUE(add(store, sample_record(1)));
  const std::int64_t key = **store.key_of("org/model-1");
  EXPECT_EQ(**store.part(key, "signals"), sample_record(1).parts.at("signals"));
  EXPECT_THAT(**store.part(key, "empty"), IsEmpty());
  EXPECT_FALSE(store.part(key, "standard")->has_value());
  EXPECT_EQ(store.part(99, "sketch").error().code, ErrorCode::not_found);
}

TEST_F(StoreTest, KeepsFactsAboutTheDatabase) {
  const Store store = open_store(path());
  ASSERT_TRUE(store.set_fact("notice.a", "text"));
  ASSERT_TRUE(store.set_fact("notice.a", "other"));
  ASSERT_TRUE(store.set_fact("notice.b", ""));
  EXPECT_EQ(**store.fact("notice.a"), "other");
  EXPECT_FALSE(store.fact("notice")->has_value());
  EXPECT_EQ(store.facts("notice.")->size(), 2U);
  ASSERT_TRUE(store.remove_facts("notice."));
  EXPECT_THAT(*store.facts("notice."), IsEmpty());
  EXPECT_TRUE(store.fact("made_by")->has_value());
}

TEST_F(StoreTest, AReaderSeesWhatWasCommittedBesideIt) {
  const Store writer = open_store(path());
  const Store reader = open_store(path(), Mode::read);
  Batch batch = *Batch::begin(writer);
  ASSERT_TRUE(batch.add(sample_record(1)));
  EXPECT_EQ(*reader.count(), 0U);
  ASSERT_TRUE(batch.commit());
  EXPECT_EQ(*reader.count(), 1U);
}

TEST_F(StoreTest, OpensOnlyWhatIsThere) {
  EXPECT_EQ(Store::open(path(), Mode::read).error().code, ErrorCode::not_found);
  EXPECT_EQ(Store::open(path(), Mode::write).error().code, ErrorCode::not_found);
  EXPECT_FALSE(std::filesystem::exists(path()));
  EXPECT_EQ(Store::open(folder_.path(), Mode::create).error().code, ErrorCode::invalid_argument);
  const Error error = Store::open("/dev/null/models.db", Mode::create).error();
  EXPECT_EQ(error.code, ErrorCode::io);
  EXPECT_THAT(error.to_string(), HasSubstr("cannot make a database"));
}

TEST_F(StoreTest, MakesMissingFoldersAndLeavesNothingElse) {
  const std::filesystem::path deep = folder_.path() / "a/b/models.db";
  open_store(deep);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(deep.parent_path()))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, ElementsAre("models.db"));
}

TEST_F(StoreTest, ReadsWithoutBeingAllowedToWrite) {
  ASSERT_TRUE(add(open_store(path()), sample_record(1)));
  const Store reader = open_store(path(), Mode::read);
  const Error error = add(reader, sample_record(2)).error();
  EXPECT_EQ(error.code, ErrorCode::io);
  EXPECT_EQ(*reader.count(), 1U);
}

}  // namespace
}  // namespace prov::store
