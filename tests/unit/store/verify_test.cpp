// Damage of every kind is found, named, and spoils nothing else.
#include "store/verify.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "store/word_index.hpp"
#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;
using test::ids;
using test::open_store;
using test::sample_record;
using testing::HasSubstr;

class VerifyTest : public testing::Test {
 protected:
  static constexpr unsigned kRecords = 12;
  void SetUp() override {
    const Store store = open_store(path());
    for (unsigned number = 0; number < kRecords; ++number)
      ASSERT_TRUE(add(store, sample_record(number, 3000 + 700 * number)));
    ASSERT_TRUE(store.set_fact("notice.a", "a notice"));
    ASSERT_TRUE(seal(store, {}));
  }
  fs::path path() const { return folder_.path() / "models.db"; }

  /// The verification after a change by SQL that bypasses the store.
  Verification after(std::string_view sql) {
    const Store store = open_store(path());
    EXPECT_TRUE(store.database().run(sql));
    return *verify(store);
  }
  static std::string told(const Verification& result) {
    std::string text;
    for (const Damage& damage : result.damage) text += damage.record + ": " + damage.what + "\n";
    return text;
  }

  tests::TempFolder folder_;
};

TEST_F(VerifyTest, CountsWhatIsSound) {
  const Verification result = *verify(open_store(path(), Mode::read));
  EXPECT_TRUE(result.is_sound()) << told(result);
  EXPECT_EQ(result.records, kRecords);
  EXPECT_EQ(result.parts, kRecords * 4);
  EXPECT_EQ(result.words, kRecords * 40);
  EXPECT_EQ(result.seal, SealState::unsigned_);
}

TEST_F(VerifyTest, ADamagedPartIsNamedAndTheRestCanBeRead) {
  const Verification result =
      after("UPDATE part SET bytes = zeroblob(size) WHERE model = 3 AND name = 'sketch'");
  ASSERT_EQ(result.damage_count, 1U) << told(result);
  EXPECT_EQ(result.damage[0].record, "org/model-2");
  EXPECT_THAT(result.damage[0].what, HasSubstr("sketch"));
  const Store store = open_store(path());
  const Error error = store.find("org/model-2").error();
  EXPECT_EQ(error.code, ErrorCode::malformed);
  EXPECT_EQ(error.field, "org/model-2");
  EXPECT_EQ(**store.find("org/model-3"), sample_record(3, 3000 + 700 * 3));
  EXPECT_EQ(**store.part(3, "signals"), sample_record(2).parts.at("signals"));
  unsigned intact = 0, broken = 0;
  ASSERT_TRUE(store.for_each_part("sketch", [&](std::int64_t, const auto& bytes) -> Result<bool> {
    ++(bytes ? intact : broken);
    return true;
  }));
  EXPECT_EQ(intact, kRecords - 1);
  EXPECT_EQ(broken, 1U);
}

TEST_F(VerifyTest, ChangedFactsAreDamage) {
  const Verification result = after("UPDATE model SET publisher = 'someone' WHERE key = 1");
  ASSERT_EQ(result.damage_count, 1U) << told(result);
  EXPECT_EQ(result.damage[0].record, "org/model-0");
  unsigned broken = 0;
  ASSERT_TRUE(
      open_store(path()).for_each({.publisher = "odd"}, [&](const auto& record) -> Result<bool> {
        if (!record) ++broken;
        return true;
      }));
  EXPECT_EQ(broken, 1U);
}

TEST_F(VerifyTest, FindsWhatIsMissingAndWhatIsTooMuch) {
  EXPECT_THAT(told(after("DELETE FROM word")), HasSubstr("word"));
  EXPECT_THAT(told(after("INSERT INTO word SELECT id, 1, 2, x'' FROM segment")),
              HasSubstr("word index"));
  EXPECT_THAT(told(after("INSERT INTO segment SELECT id + 1, first, last FROM segment")),
              HasSubstr("overlap"));
  EXPECT_THAT(told(after("UPDATE segment SET last = 1")), HasSubstr("missing in the word index"));
  EXPECT_THAT(told(after("PRAGMA foreign_keys = OFF; DELETE FROM segment")),
              HasSubstr("without its record"));
  EXPECT_THAT(told(after("DELETE FROM part WHERE model = 5 AND name = 'empty'")),
              HasSubstr("org/model-4: "));
  EXPECT_THAT(told(after("INSERT INTO part VALUES (6, 'more', 0, zeroblob(32), x'', x'')")),
              HasSubstr("org/model-5: "));
  EXPECT_THAT(told(after("PRAGMA foreign_keys = OFF; INSERT INTO part VALUES (600, 'more', 0, "
                         "zeroblob(32), x'', x'')")),
              HasSubstr("without its record"));
  EXPECT_THAT(told(after("UPDATE meta SET value = 'x' WHERE name = 'notice.a'")),
              HasSubstr("facts"));
  EXPECT_THAT(told(after("INSERT INTO cache VALUES ('k', 'kind', 1, 1, zeroblob(32), x'00')")),
              HasSubstr("cache: kind of k"));
}

TEST_F(VerifyTest, ARecordThatWasTakenAwayBreaksTheSeal) {
  ASSERT_TRUE(remove_model(open_store(path()).database(), 1));  // out of the word index
  const Verification result = after("DELETE FROM model WHERE key = 1");
  ASSERT_EQ(result.damage_count, 1U) << told(result);
  EXPECT_EQ(result.damage[0].record, "seal");
}

TEST_F(VerifyTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(verify(open_store(path()), {.stop = stop.get_token()}).error().code,
            ErrorCode::cancelled);
}

// The law of damage: whatever bit of the file flips, either somebody notices, or nothing that the
// database says has changed. And nothing ever crashes.
class FlippedBits : public VerifyTest {
 protected:
  std::string read_file() const {
    std::ifstream in(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // Everything that a database tells, or where it fails to.
  static Result<std::string> told_by(const Store& store) {
    std::string text;
    const Result<void> all =
        store.for_each({}, [&](const Result<RecordSummary>& summary) -> Result<bool> {
          if (!summary) return summary.error();
          const Result<Record> record = store.read(summary->key);
          if (!record) return record.error();
          text += base::hex(digest_of(*record));
          Result<WordLists> lists = WordLists::open(store);
          if (!lists) return lists.error();
          std::vector<std::int64_t> models;
          for (const std::uint64_t word : record->words) {
            const Result<bool> whole = lists->read(word, 100, models);
            if (!whole) return whole.error();
            for (const std::int64_t model : models) text += ' ' + std::to_string(model);
          }
          return true;
        });
    if (!all) return all.error();
    const auto facts = store.facts("");
    if (!facts) return facts.error();
    for (const auto& [name, value] : *facts) text += name + value;
    return text;
  }
};

TEST_F(FlippedBits, AreNoticedOrHarmless) {
  const std::string whole = read_file();
  const std::string truth = *told_by(open_store(path(), Mode::read));
  std::mt19937_64 random(5);
  std::size_t refused = 0, found = 0, harmless = 0;
  const auto flip = [&](std::size_t at) {
    std::string spoiled = whole;
    spoiled[at] = static_cast<char>(spoiled[at] ^ (1 << (random() % 8)));
    const fs::path file = folder_.write("flipped.db", spoiled);
    for (const char* ending : {"-wal", "-shm"}) fs::remove(file.string() + ending);
    const Result<Store> store = Store::open(file, Mode::read);
    if (!store) {
      ++refused;
      return;
    }
    const Result<Verification> result = verify(*store);
    if (!result || !result->is_sound()) {
      ++found;
      return;
    }
    const Result<std::string> now = told_by(*store);
    ASSERT_TRUE(now && *now == truth) << "byte " << at << " of page " << at / 4096 + 1;
    ++harmless;
  };
  for (std::size_t at = 0; at < 100; ++at) flip(at);  // the header
  for (std::size_t page = 0; page < whole.size(); page += 4096) {
    for (std::size_t at = 0; at < 12; ++at) flip(page + at);  // the header of a page
    for (int i = 0; i < 24; ++i) flip(page + random() % 4096);
  }
  EXPECT_GT(refused, 50U);
  EXPECT_GT(found, harmless);
  RecordProperty("harmless", static_cast<int>(harmless));
}

TEST_F(FlippedBits, OfABlobSpoilThatRecordAlone) {
  const std::string whole = read_file();
  const Record third = sample_record(3, 3000 + 700 * 3);
  // 64 bytes that stand in one page of the file, in the middle of the sketch
  const std::string piece(base::as_text(std::span(third.parts.at("sketch")).subspan(2000, 64)));
  const std::size_t at = whole.find(piece);
  ASSERT_NE(at, std::string::npos);
  std::string spoiled = whole;
  spoiled[at + 5] = static_cast<char>(spoiled[at + 5] ^ 16);
  folder_.write("models.db", spoiled);
  const Store store = open_store(path(), Mode::write);
  EXPECT_EQ(store.find(third.id).error().field, third.id);
  EXPECT_EQ(ids(store).size(), kRecords);
  for (unsigned number = 0; number < kRecords; ++number) {
    if (number == 3) continue;
    EXPECT_TRUE(store.find(sample_record(number).id)->has_value()) << number;
  }
  // It can be replaced.
  ASSERT_EQ(*add(store, third, Existing::replace), Outcome::replaced);
  EXPECT_TRUE(verify(store)->is_sound());
}

}  // namespace
}  // namespace prov::store
