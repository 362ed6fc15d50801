#include "store/transfer.hpp"

#include <gtest/gtest.h>

#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;
using test::ids;
using test::open_store;
using test::sample_record;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class TransferTest : public testing::Test {
 protected:
  static constexpr unsigned kRecords = 700;  // more than a batch
  void SetUp() override {
    Batch batch = *Batch::begin(source_);
    for (unsigned number = 0; number < kRecords; ++number)
      ASSERT_TRUE(batch.add(sample_record(number, 500, 8)));
    ASSERT_TRUE(batch.commit());
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(out_.path()), fs::directory_iterator()));
  }
  tests::TempFolder folder_, out_;
  Store source_ = open_store(folder_.path() / "source.db");
  Store target_ = open_store(folder_.path() / "target.db");
};

TEST_F(TransferTest, MergesWhatIsNew) {
  ASSERT_TRUE(add(target_, sample_record(5, 500, 8)));  // the same
  Record other = sample_record(6, 500, 8);
  other.licence = "mit";
  ASSERT_TRUE(add(target_, other));
  ASSERT_TRUE(add(target_, sample_record(9000)));

  const Transfer transfer = *merge(target_, source_, {});
  EXPECT_EQ(transfer.added, kRecords - 2);
  EXPECT_EQ(transfer.unchanged, 1U);
  EXPECT_EQ(transfer.replaced, 0U);
  EXPECT_THAT(transfer.kept, ElementsAre("org/model-6"));
  EXPECT_THAT(transfer.damage, IsEmpty());
  EXPECT_EQ(**target_.find("org/model-6"), other);
  EXPECT_EQ(**target_.find("org/model-699"), sample_record(699, 500, 8));
  EXPECT_EQ(*target_.count(), kRecords + 1);
  EXPECT_TRUE(verify(target_)->is_sound());

  EXPECT_EQ(merge(target_, source_, {.existing = Existing::replace})->replaced, 1U);
  EXPECT_EQ(**target_.find("org/model-6"), sample_record(6, 500, 8));
  EXPECT_EQ(merge(target_, source_, {})->unchanged, kRecords);
}

TEST_F(TransferTest, LeavesOutWhatIsDamagedAndNamesIt) {
  ASSERT_TRUE(source_.database().run(
      "UPDATE part SET bytes = zeroblob(size) WHERE model = 10 AND name = 'sketch'"));
  const Transfer transfer = *merge(target_, source_, {});
  EXPECT_EQ(transfer.added, kRecords - 1);
  ASSERT_EQ(transfer.damage.size(), 1U);
  EXPECT_EQ(transfer.damage[0].record, "org/model-9");
  EXPECT_TRUE(verify(target_)->is_sound());
}

TEST_F(TransferTest, SavesRecordsAroundADamagedIndex) {
  const fs::path spoiled = folder_.path() / "spoiled.db";
  ASSERT_TRUE(export_database(source_, spoiled, {}, {}));
  std::int64_t page = 0;
  {
    const auto database = *Database::open(spoiled, Mode::read);
    page = *database->number(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_model_1'");
  }
  std::FILE* file = std::fopen(spoiled.c_str(), "r+b");
  ASSERT_NE(file, nullptr);
  std::fseek(file, static_cast<long>((page - 1) * 4096), SEEK_SET);
  std::fwrite(std::string(4096, '\x7f').data(), 1, 4096, file);
  std::fclose(file);
  const Store source = open_store(spoiled, Mode::read);
  const Transfer transfer = *merge(target_, source, {});
  EXPECT_EQ(transfer.added, kRecords);
  ASSERT_EQ(transfer.damage.size(), 1U);
  EXPECT_EQ(transfer.damage[0].record, "file");
}

TEST_F(TransferTest, TakesNoticesAlong) {
  ASSERT_TRUE(source_.set_fact("notice.kit", "one"));
  ASSERT_TRUE(source_.set_fact("notice.other", "two"));
  ASSERT_TRUE(target_.set_fact("notice.kit", "another"));
  ASSERT_TRUE(merge(target_, source_, {}));
  EXPECT_EQ(**target_.fact("notice.kit"), "another");
  EXPECT_EQ(**target_.fact("notice.other"), "two");
  EXPECT_EQ(target_.facts("notice.kit.")->size(), 1U);
}

TEST_F(TransferTest, ExportsOneCompactSealedFile) {
  const std::vector<std::byte> key(32, std::byte{7});
  ASSERT_TRUE(remove(source_, "org/model-0"));
  EXPECT_EQ(export_database(source_, out_.path() / "out.db", key, {})->added, kRecords - 1);
  EXPECT_EQ(files(), 1U);
  const Store out = open_store(out_.path() / "out.db", Mode::read);
  EXPECT_EQ(*check_seal(out, key), SealState::valid);
  EXPECT_EQ(ids(out), ids(source_));
  EXPECT_EQ(*digest_of_all(out), *digest_of_all(source_));
  EXPECT_EQ(*out.database().number("PRAGMA freelist_count"), 0);
  EXPECT_TRUE(verify(out, {.key = key})->is_sound());
}

TEST_F(TransferTest, AnExportReplacesNothingAndLeavesNothing) {
  out_.write("out.db", "precious");
  EXPECT_EQ(export_database(source_, out_.path() / "out.db", {}, {}).error().code,
            ErrorCode::duplicate);
  EXPECT_EQ(fs::file_size(out_.path() / "out.db"), 8U);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(
      export_database(source_, out_.path() / "b.db", {}, {.stop = stop.get_token()}).error().code,
      ErrorCode::cancelled);
  ASSERT_TRUE(source_.database().run(
      "UPDATE part SET bytes = zeroblob(size) WHERE model = 10 AND name = 'sketch'"));
  const Error error = export_database(source_, out_.path() / "b.db", {}, {}).error();
  EXPECT_EQ(error.code, ErrorCode::malformed);
  EXPECT_THAT(error.to_string(), HasSubstr("org/model-9"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(TransferTest, ProgressAddsUp) {
  struct Counter : Progress {
    void phase(std::string_view) override {}
    void expect(std::uint64_t bytes) override { expected += bytes; }
    void advance(std::uint64_t bytes) override { done += bytes; }
    std::uint64_t expected = 0, done = 0;
  } counter;
  ASSERT_TRUE(merge(target_, source_, {.progress = &counter}));
  EXPECT_GT(counter.done, kRecords * 500U);
  EXPECT_GT(counter.expected, kRecords * 500U);
}

}  // namespace
}  // namespace prov::store
