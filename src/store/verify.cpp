#include "store/verify.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "store/code_blocks.hpp"
#include "store/reachable_keys.hpp"
#include "store/record_rows.hpp"
#include "store/word_index.hpp"

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
    check_counts();
    PROV_CHECK(check_cache());
    if (const auto facts = store_.facts(""); !facts) found("facts", facts.error().message);
    const Result<SealState> seal = check_seal(store_, options_.key);
    result_.seal = seal ? *seal : SealState::broken;
    // Where records are damaged, a digest that does not hold says nothing new.
    if (!seal && (result_.is_sound() || !options_.key.empty())) found("seal", seal.error().message);
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
    PROV_TRY(PostingLookup index, PostingLookup::open(database_));
    for (const std::int64_t key : reached.keys) {
      PROV_CHECK(check_stop());
      const Result<RecordSummary> record = rows.summary(key);
      const Result<void> intact =
          record ? check_record_parts(rows, index, *record) : Result<void>(record.error());
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

  Result<void> check_record_parts(RecordRows& rows, PostingLookup& index,
                                  const RecordSummary& record) {
    PROV_TRY(const std::vector<PartSummary> parts, rows.parts(record));
    std::uint64_t bytes = 0;
    std::vector<std::uint64_t> words;
    for (const PartSummary& part : parts) {
      PROV_TRY(const std::vector<std::byte> content, rows.bytes(record, part));
      bytes += content.size();
      if (options_.progress != nullptr) options_.progress->advance(content.size());
      if (part.name == kCodePart) {
        PROV_CHECK(check_code(record, content));
        ++codes_;
      }
      if (part.name != kWordsPart) continue;
      Result<std::vector<std::uint64_t>> decoded = decode_words(content);
      if (!decoded) return damaged(database_, record.id, decoded.error().message);
      words = *std::move(decoded);
    }
    if (words.size() != record.word_count)
      return damaged(database_, record.id, "its number of words");
    PROV_CHECK(check_words(index, record, words));
    result_.parts += parts.size();
    result_.words += words.size();
    result_.bytes += bytes;
    return {};
  }

  Result<void> check_code(const RecordSummary& record, const std::vector<std::byte>& code) const {
    const Result<std::vector<std::byte>> listed = read_code(database_, record.key);
    if (!listed || *listed != code)
      return damaged(database_, record.id, "its code in the list of codes");
    return {};
  }

  Result<void> check_words(PostingLookup& index, const RecordSummary& record,
                           const std::vector<std::uint64_t>& words) {
    const std::vector<Posting> postings = postings_of(words, record.key);
    for (const Posting& posting : postings) {
      const Result<bool> there = index.contains(posting);
      if (!there || !*there)
        return damaged(database_, record.id, "a word is missing in the word index");
    }
    postings_ += postings.size();
    return {};
  }

  // All words and codes of the intact records are in the index and the list. Where every record is
  // intact, equal numbers mean that nothing else is.
  void check_counts() {
    phase("checking the word index");
    check_with(
        "SELECT 'segments of the word index overlap' FROM segment a JOIN segment b ON a.id < "
        "b.id AND a.first <= b.last AND b.first <= a.last LIMIT 1",
        "");
    const bool all_intact = result_.damage_count == 0;
    std::uint64_t postings = 0, codes = 0;
    const Result<void> index = visit_postings(database_, [&](const auto& block) -> Result<void> {
      if (!block) return block.error();
      postings += block->size();
      return {};
    });
    if (!index) found("word index", index.error().message);
    if (index && all_intact && postings != postings_) {
      found("word index", fmt::format("{} entries, but the records have {}", postings, postings_));
    }
    const Result<void> list =
        visit_codes(database_, INT64_MIN, INT64_MAX, [&](std::int64_t, const auto&) { ++codes; });
    if (!list) found("codes", list.error().message);
    if (list && all_intact && codes != codes_)
      found("codes", fmt::format("{} codes, but the records have {}", codes, codes_));
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
  std::uint64_t postings_ = 0, codes_ = 0;  // that intact records have
};

}  // namespace

Result<Verification> verify(const Store& store, const VerifyOptions& options) {
  return Verifier(store, options).verify();
}

}  // namespace prov::store
