// What must not be taken for a database of ours.
#include "store/schema.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "store/verify.hpp"
#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

using test::indexed;
using test::open_store;
using test::sample_record;
using testing::HasSubstr;

class SchemaTest : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "models.db"; }

  /// A database of ours with one record, changed by a stranger's SQL.
  void make_and_alter(const std::string& sql) {
    std::filesystem::remove(path());
    ASSERT_TRUE(add(open_store(path()), sample_record(1)));
    alter(path(), sql);
  }
  void alter(const std::filesystem::path& file, const std::string& sql) {
    const auto database = *Database::open(file, Mode::create);
    const Result<void> done = database->run(sql);
    ASSERT_TRUE(done.has_value()) << done.error().to_string();
  }

  /// Both ways of opening refuse it, in the same words.
  Error refused() {
    const Result<Store> reading = Store::open(path(), Mode::read);
    const Result<Store> writing = Store::open(path(), Mode::write);
    EXPECT_FALSE(reading || writing);
    if (reading || writing) return {};
    EXPECT_EQ(reading.error().code, writing.error().code);
    EXPECT_EQ(reading.error().file, path().string());
    return writing.error();
  }

  tests::TempFolder folder_;
};

TEST_F(SchemaTest, AFileThatIsNoDatabase) {
  folder_.write("models.db", std::string(5000, 'x'));
  EXPECT_EQ(refused().code, ErrorCode::malformed);
  EXPECT_THAT(refused().to_string(), HasSubstr("not a database"));
}

TEST_F(SchemaTest, AnEmptyFile) {
  folder_.write("models.db", "");
  EXPECT_EQ(refused().code, ErrorCode::malformed);
  EXPECT_THAT(refused().to_string(), HasSubstr("empty file"));
  EXPECT_EQ(std::filesystem::file_size(path()), 0U);
}

TEST_F(SchemaTest, ADatabaseOfAnotherProgram) {
  alter(path(), "CREATE TABLE model (key)");
  EXPECT_EQ(refused().code, ErrorCode::malformed);
  EXPECT_THAT(refused().to_string(), HasSubstr("of another program"));
  make_and_alter("PRAGMA application_id = 1");
  EXPECT_THAT(refused().to_string(), HasSubstr("of another program"));
}

TEST_F(SchemaTest, ASchemaFromTheFuture) {
  make_and_alter("CREATE TABLE tomorrow (x); PRAGMA user_version = 5");
  EXPECT_EQ(refused().code, ErrorCode::unsupported);
  EXPECT_THAT(refused().to_string(), HasSubstr("schema version 5 is newer than 4"));
}

TEST_F(SchemaTest, NoSchemaVersion) {
  make_and_alter("PRAGMA user_version = 0");
  EXPECT_EQ(refused().code, ErrorCode::malformed);
  make_and_alter("PRAGMA user_version = -5");
  EXPECT_EQ(refused().code, ErrorCode::malformed);
}

TEST_F(SchemaTest, WhatAStrangerPutIn) {
  for (const char* sql : {
           "CREATE TABLE extra (x)",
           "CREATE VIEW seen AS SELECT * FROM model",
           "CREATE TRIGGER t AFTER INSERT ON model BEGIN DELETE FROM part; END",
           "CREATE INDEX i ON part (size)",
           "CREATE INDEX i ON model (abs(word_count))",
           "CREATE VIRTUAL TABLE f USING fts5(x)",
           "ALTER TABLE model ADD COLUMN more TEXT",
           "ALTER TABLE part RENAME TO parts",
           "DROP INDEX part_by_name",
           "DROP TABLE word",
           "DROP TABLE word; CREATE VIEW word AS SELECT key AS bucket, key AS model FROM model",
           "ANALYZE",
       }) {
    make_and_alter(sql);
    const Error error = refused();
    EXPECT_EQ(error.code, ErrorCode::malformed) << sql;
    EXPECT_THAT(error.message, HasSubstr("the schema")) << sql;
    EXPECT_NE(error.field, "") << sql;
  }
}

TEST_F(SchemaTest, AFileThatWasCutShort) {
  ASSERT_TRUE(add(open_store(path()), sample_record(1)));
  const auto size = std::filesystem::file_size(path());
  for (const std::uintmax_t left : {1U, 99U, 100U, 4096U, 5000U}) {
    ASSERT_LT(left, size);
    std::filesystem::resize_file(path(), left);
    EXPECT_EQ(refused().code, ErrorCode::malformed) << left;
  }
}

TEST_F(SchemaTest, AnOldSchemaIsBroughtUpToDateWithItsRecords) {
  {
    const auto old = *Database::open(path(), Mode::create);
    ASSERT_TRUE(migrate(*old, 1));
    ASSERT_TRUE(old->run("INSERT INTO meta VALUES ('a', 'b', zeroblob(32))"));
    EXPECT_EQ(*check_identity(*old, true), 1);
  }
  const Error error = Store::open(path(), Mode::read).error();
  EXPECT_EQ(error.code, ErrorCode::unsupported);
  EXPECT_THAT(error.message, HasSubstr("older"));
  const Store store = open_store(path(), Mode::write);
  EXPECT_EQ(*store.database().number("PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(*store.database().number("SELECT count(*) FROM meta WHERE name = 'a'"), 1);
  EXPECT_EQ(*store.database().number("SELECT count(*) FROM cache"), 0);
  EXPECT_TRUE(Store::open(path(), Mode::read));
}

// tests/compat/schema-*/models.db were written by the last versions of their schemas, of the same
// three records. Never make them anew.
void expect_the_stored_records(const Store& store) {
  const Verification result = *verify(store);
  EXPECT_TRUE(result.is_sound());
  EXPECT_EQ(result.records, 3U);
  EXPECT_EQ(result.words, 300U);
  // The seal is over the digests of all records, which are over every byte of their parts.
  EXPECT_EQ(result.seal, SealState::unsigned_);
  EXPECT_EQ(*store.fact(kSealDigest),
            "69bc3d468e064ff18c5ea602e23c6c238db1cd5d9e0df5fe129325db21ebb080");
  EXPECT_EQ(indexed(store).size(), 300U);
}

TEST_F(SchemaTest, ADatabaseOfSchema2IsReadWithAllThatItSays) {
  std::filesystem::copy_file(
      std::filesystem::path(PROV_REPOSITORY) / "tests/compat/schema-2/models.db", path());
  const Store store = open_store(path(), Mode::write);
  expect_the_stored_records(store);
  const Record record = **store.find("small-1");
  EXPECT_EQ(record.words.size(), 100U);
  EXPECT_EQ(record.parts.at("sketch").size(), 3440U);
  EXPECT_EQ(record.parts.at("code").size(), 2048U);
  // Stored once: of the sketch only what words and code do not say.
  EXPECT_EQ(*store.database().number("SELECT max(length(bytes)) FROM part WHERE name = 'sketch'"),
            3440 - 2048 - 800);
  EXPECT_EQ(*store.database().number("SELECT max(length(bytes)) FROM part WHERE name = 'code'"), 0);
}

TEST_F(SchemaTest, ADatabaseOfSchema3IsReadWithAllThatItSays) {
  std::filesystem::copy_file(
      std::filesystem::path(PROV_REPOSITORY) / "tests/compat/schema-3/models.db", path());
  const Store store = open_store(path(), Mode::write);
  expect_the_stored_records(store);
  ASSERT_TRUE(add(store, sample_record(1)));
  EXPECT_TRUE(verify(store)->is_sound());
}

TEST_F(SchemaTest, DamageInAnOldDatabaseStaysDamageAndTheRestMovesUp) {
  std::filesystem::copy_file(
      std::filesystem::path(PROV_REPOSITORY) / "tests/compat/schema-2/models.db", path());
  alter(path(), "UPDATE part SET bytes = zeroblob(size) WHERE model = 2 AND name = 'words'");
  const Store store = open_store(path(), Mode::write);
  const Verification result = *verify(store);
  EXPECT_EQ(result.records, 2U);
  ASSERT_EQ(result.damage_count, 1U);
  EXPECT_EQ(result.damage[0].record, "small-1");
}

TEST_F(SchemaTest, TheDigestIsThatOfTheNewestSchema) {
  EXPECT_EQ(*digest_of_schema(open_store(path()).database()), kSchemaDigest);
}

TEST_F(SchemaTest, TheFileSaysWhatItIs) {
  open_store(path());
  std::ifstream file(path(), std::ios::binary);
  std::string header(100, '\0');
  file.read(header.data(), 100);
  EXPECT_EQ(header.substr(68, 4), "PrvK");
}

TEST_F(SchemaTest, NothingInAFileCanRunCode) {
  make_and_alter("SELECT 1");
  const Store store = open_store(path(), Mode::write);
  const Database& database = store.database();
  EXPECT_FALSE(database.run("SELECT load_extension('x')"));
  EXPECT_FALSE(database.run("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema"));
  EXPECT_FALSE(database.run("SELECT \"no such column\""));
}

}  // namespace
}  // namespace prov::store
