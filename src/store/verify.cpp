#include "store/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/try.hpp"
#include "store/reachable_keys.hpp"
#include "store/record_rows.hpp"

namespace prov::store {
namespace {

class Verifier {
 public:
  Verifier(const Store& store, const VerifyOptions& options)
      : store_(store), database_(store.database()), options_(options) {}

  Result<Verification> verify() {
    PROV_TRY(const Transaction one_state, Transaction::begin(database_, Transaction::Kind::read));
    check_pages();
    PROV_CHECK(check_records());
    check_word_count();
    PROV_CHECK(check_cache());
    if (const auto facts = store_.facts(""); !facts) found("facts", facts.error().message);
    const Result<SealState> seal = check_seal(store_, options_.key);
    if (seal) {
      result_.seal = *seal;
    } else if (result_.is_sound() || !options_.key.empty()) {
      found("seal", seal.error().message);  // else it only repeats what is known
    }
    return std::move(result_);
  }

 private:
  void found(std::string record, std::string what) {
    if (result_.damage.size() < kMostDamage)
      result_.damage.push_back({std::move(record), std::move(what)});
    ++result_.damage_count;
  }

  void phase(std::string_view name) const {
    if (options_.progress != nullptr) options_.progress->phase(name);
  }

  // The rows of a check that speaks only of damage, but for "ok".
  void check_with(std::string_view sql, std::string_view sentence) {
    const auto run = [&]() -> Result<void> {
      PROV_TRY(Statement check, database_.prepare(sql));
      for (;;) {
        PROV_TRY(const bool row, check.step());
        if (!row) return {};
        if (check.text(0) != "ok") found("file", fmt::format("{}{}", sentence, check.text(0)));
      }
    };
    if (const Result<void> done = run(); !done) found("file", done.error().message);
  }

  void check_pages() {
    phase("checking pages");
    check_with("PRAGMA integrity_check(100)", "");
    check_with("SELECT \"table\" FROM pragma_foreign_key_check", "a row without its record: ");
  }

  Result<void> check_records() {
    phase("checking records");
    const ReachableKeys reached = reachable_keys(database_);
    if (!reached.damage.empty()) found("file", "the list of records: " + reached.damage);
    expect_bytes();
    PROV_TRY(RecordRows rows, RecordRows::prepare(database_));
    PROV_TRY(Statement in_index,
             database_.prepare("SELECT 1 FROM word WHERE word = ?1 AND model = ?2"));
    for (const std::int64_t key : reached.keys) {
      PROV_CHECK(check_stop());
      const Result<RecordSummary> record = rows.summary(key);
      const Result<void> intact =
          record ? check_record_parts(rows, in_index, *record) : Result<void>(record.error());
      if (intact) {
        ++result_.records;
      } else {
        const std::string& name = record ? record->id : intact.error().field;
        found(name.empty() ? fmt::format("record {}", key) : name, intact.error().message);
      }
    }
    return {};
  }

  void expect_bytes() const {
    if (options_.progress == nullptr) return;
    const Result<std::int64_t> bytes = database_.number("SELECT sum(size) FROM part");
    if (bytes && *bytes > 0) options_.progress->expect(static_cast<std::uint64_t>(*bytes));
  }

  Result<void> check_record_parts(RecordRows& rows, Statement& in_index,
                                  const RecordSummary& record) {
    PROV_TRY(const std::vector<PartSummary> parts, rows.parts(record));
    std::uint64_t bytes = 0;
    std::vector<std::uint64_t> words;
    for (const PartSummary& part : parts) {
      PROV_TRY(const std::vector<std::byte> content, rows.bytes(record, part));
      bytes += content.size();
      if (options_.progress != nullptr) options_.progress->advance(content.size());
      if (part.name == kCodePart) PROV_CHECK(check_code(record, content));
      if (part.name != kWordsPart) continue;
      Result<std::vector<std::uint64_t>> decoded = decode_words(content);
      if (!decoded) return damaged(database_, record.id, decoded.error().message);
      words = *std::move(decoded);
    }
    if (words.size() != record.word_count)
      return damaged(database_, record.id, "its number of words");
    PROV_CHECK(check_words(in_index, record, words));
    result_.parts += parts.size();
    result_.words += words.size();
    result_.bytes += bytes;
    return {};
  }

  Result<void> check_code(const RecordSummary& record, const std::vector<std::byte>& code) const {
    PROV_TRY(Statement select, database_.prepare("SELECT bytes FROM code WHERE model = ?1"));
    PROV_TRY(const bool row, select.bind(1, record.key).step());
    if (!row || !std::ranges::equal(select.bytes(0), code))
      return damaged(database_, record.id, "its code in the list of codes");
    return {};
  }

  Result<void> check_words(Statement& in_index, const RecordSummary& record,
                           const std::vector<std::uint64_t>& words) const {
    for (const std::uint64_t word : words) {
      PROV_TRY(const bool there,
               in_index.bind(1, std::bit_cast<std::int64_t>(word)).bind(2, record.key).step());
      if (!there) return damaged(database_, record.id, "a word is missing in the word index");
      in_index.reset();
    }
    return {};
  }

  // All words of the intact records are in the index. Where every record is intact, as many rows as
  // words means that nothing else is; else rows must at least belong to a record.
  void check_word_count() {
    phase("checking the word index");
    if (result_.damage_count == 0) {
      const Result<std::int64_t> rows = database_.number("SELECT count(*) FROM word");
      if (!rows) found("word index", rows.error().message);
      if (rows && static_cast<std::uint64_t>(*rows) != result_.words) {
        found("word index",
              fmt::format("{} rows, but the records have {} words", *rows, result_.words));
      }
      return;
    }
    const Result<std::int64_t> orphans =
        database_.number("SELECT count(*) FROM word WHERE model NOT IN (SELECT key FROM model)");
    if (!orphans) found("word index", orphans.error().message);
    if (orphans && *orphans > 0)
      found("word index", fmt::format("{} rows belong to no record", *orphans));
  }

  Result<void> check_cache() {
    phase("checking the cache");
    const auto check = [&]() -> Result<void> {
      PROV_TRY(Statement select, database_.prepare("SELECT key, kind, sha256, bytes FROM cache"));
      for (;;) {
        PROV_CHECK(check_stop());
        PROV_TRY(const bool row, select.step());
        if (!row) return {};
        if (is_digest_of(select.bytes(2), select.bytes(3))) {
          ++result_.cached;
          result_.bytes += select.bytes(3).size();
        } else {
          found("cache", fmt::format("{} of {}", select.text(1), select.text(0)));
        }
      }
    };
    const Result<void> checked = check();
    if (!checked && checked.error().code == ErrorCode::cancelled) return checked;
    if (!checked) found("cache", checked.error().message);
    return {};
  }

  Result<void> check_stop() const {
    if (!options_.stop.stop_requested()) return {};
    return Error{.code = ErrorCode::cancelled, .message = "stopped"};
  }

  const Store& store_;
  const Database& database_;
  const VerifyOptions& options_;
  Verification result_;
};

}  // namespace

Result<Verification> verify(const Store& store, const VerifyOptions& options) {
  return Verifier(store, options).verify();
}

}  // namespace prov::store
