#include "store/batch.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "store/record_rows.hpp"
#include "store/seal.hpp"
#include "store/shared_pieces.hpp"
#include "store/word_index.hpp"

namespace prov::store {
namespace {

constexpr std::size_t kMostPendingWords = 1'000'000;  // 16 MB
constexpr std::size_t kMostPendingCodes = 1024;

std::vector<PartSummary> list_parts(const Record& record, const std::vector<std::byte>& words) {
  std::vector<PartSummary> list;
  for (const auto& [name, bytes] : record.parts)
    list.push_back({name, bytes.size(), base::sha256(bytes)});
  if (!words.empty()) list.push_back({std::string(kWordsPart), words.size(), base::sha256(words)});
  std::ranges::sort(list, {}, &PartSummary::name);
  return list;
}

RecordSummary summarise(const Record& record, const std::vector<PartSummary>& parts,
                        std::uint64_t word_count) {
  RecordSummary summary;
  static_cast<RecordFields&>(summary) = record;
  summary.word_count = word_count;
  summary.parts_sha256 = digest_of_parts(parts);
  summary.sha256 = digest_of_record(summary);
  return summary;
}

}  // namespace

base::Sha256Digest digest_of(const Record& record) {
  const std::vector<std::byte> words = encode_words(record.words);
  return summarise(record, list_parts(record, words), words.size() / 8).sha256;
}

Result<Batch> Batch::begin(const Store& store) {
  PROV_TRY(Transaction transaction, Transaction::begin(store.database(), Transaction::Kind::write));
  return Batch(store, std::move(transaction));
}

Result<Outcome> Batch::add(const Record& record, Existing existing) {
  PROV_CHECK(check_record(record));
  Result<Outcome> outcome = add_checked(record, existing);
  // Rows may be half written; a duplicate was found before the first of them.
  if (!outcome && outcome.error().code != ErrorCode::duplicate) broken_ = true;
  return outcome;
}

Result<Outcome> Batch::add_checked(const Record& record, Existing existing) {
  PROV_TRY(const std::optional<std::int64_t> old, store_->key_of(record.id));
  if (old) {
    PROV_CHECK(insert_pending_codes());  // its own may be among them
    const Result<RecordSummary> summary = store_->summary(*old);
    const bool same = summary && summary->sha256 == digest_of(record);
    // The same record with a damaged part is repaired, whatever was asked for.
    if (same && store_->read(*old)) return Outcome::unchanged;
    if (!same && existing == Existing::keep) return Outcome::kept;
    if (!same && existing == Existing::refuse) {
      return Error{.code = ErrorCode::duplicate,
                   .message = "there is another record of this name",
                   .file = store_->database().name(),
                   .field = record.id,
                   .hint = "remove it first, or replace it"};
    }
    PROV_CHECK(remove_key(*old));
  }
  PROV_CHECK(insert(record));
  changed_ = true;
  return old ? Outcome::replaced : Outcome::added;
}

Result<void> Batch::insert(const Record& record) {
  const Database& database = store_->database();
  const std::vector<std::byte> words = encode_words(record.words);
  const std::vector<PartSummary> parts = list_parts(record, words);
  const RecordSummary summary = summarise(record, parts, words.size() / 8);
  PROV_TRY(Statement add_model,
           database.prepare("INSERT INTO model (id, publisher, family, architecture, source, "
                            "revision, licence, content_key, has_weights, word_count, "
                            "parts_sha256, sha256, metadata) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
                            "?8, ?9, ?10, ?11, ?12, ?13)"));
  PROV_CHECK(add_model.bind(1, record.id)
                 .bind(2, record.publisher)
                 .bind(3, record.family)
                 .bind(4, record.architecture)
                 .bind(5, record.source)
                 .bind(6, record.revision)
                 .bind(7, record.licence)
                 .bind(8, record.content_key)
                 .bind(9, std::int64_t{record.has_weights})
                 .bind(10, static_cast<std::int64_t>(summary.word_count))
                 .bind(11, summary.parts_sha256)
                 .bind(12, summary.sha256)
                 .bind(13, record.metadata_json)
                 .run());
  const std::int64_t key = database.last_key();

  PROV_TRY(Statement add_part, database.prepare("INSERT INTO part (model, name, size, sha256, "
                                                "bytes, pieces) VALUES (?1, ?2, ?3, ?4, ?5, "
                                                "?6)"));
  const auto code_part = record.parts.find(kCodePart);
  const std::span<const std::byte> code =
      code_part == record.parts.end() ? std::span<const std::byte>() : code_part->second;
  for (const PartSummary& part : parts) {
    const std::vector<std::byte>& bytes =
        part.name == kWordsPart ? words : record.parts.find(part.name)->second;
    const StoredPart stored = take_out(part.name, bytes, words, code);
    PROV_CHECK(add_part.bind(1, key)
                   .bind(2, part.name)
                   .bind(3, static_cast<std::int64_t>(part.size))
                   .bind(4, part.sha256)
                   .bind(5, stored.bytes)
                   .bind(6, stored.pieces)
                   .run());
  }
  if (code_part != record.parts.end()) pending_codes_.emplace_back(key, code_part->second);
  if (pending_codes_.size() >= kMostPendingCodes) PROV_CHECK(insert_pending_codes());

  PROV_TRY(const std::vector<std::uint64_t> sorted, decode_words(words));
  const std::vector<Posting> postings = postings_of(sorted, key);
  pending_words_.insert(pending_words_.end(), postings.begin(), postings.end());
  return pending_words_.size() < kMostPendingWords ? Result<void>() : insert_pending_words();
}

Result<void> Batch::insert_pending_words() {
  std::ranges::sort(pending_words_);
  PROV_CHECK(append_segment(store_->database(), pending_words_));
  pending_words_.clear();
  return {};
}

Result<void> Batch::insert_pending_codes() {
  PROV_CHECK(append_codes(store_->database(), pending_codes_));
  pending_codes_.clear();
  return {};
}

Result<bool> Batch::remove(std::string_view id) {
  PROV_TRY(const std::optional<std::int64_t> key, store_->key_of(id));
  if (!key) return false;
  const Result<void> removed = remove_key(*key);
  if (!removed) {
    broken_ = true;
    return removed.error();
  }
  changed_ = true;
  return true;
}

Result<void> Batch::remove_words(std::int64_t key) {
  const Database& database = store_->database();
  PROV_TRY(Statement select,
           database.prepare("SELECT bytes, sha256 FROM part WHERE model = ?1 AND name = 'words'"));
  PROV_TRY(const bool row, select.bind(1, key).step());
  const bool intact = row && is_digest_of(select.bytes(1), select.bytes(0));
  std::vector<std::uint64_t> words;
  if (intact) {
    PROV_TRY(words, decode_words(select.bytes(0)));
  }
  select.reset();
  if (intact) return remove_postings(database, key, postings_of(words, key));
  // Without an intact list, the whole index is looked through: slow, but sure.
  PROV_TRY(Statement count, database.prepare("SELECT word_count FROM model WHERE key = ?1"));
  PROV_TRY(const bool found, count.bind(1, key).step());
  const bool none = found && count.number(0) == 0 && !row;
  count.reset();
  if (none) return {};
  return remove_model(database, key);
}

Result<void> Batch::remove_key(std::int64_t key) {
  const bool is_pending = !pending_words_.empty() && key >= pending_words_.front().model;
  if (is_pending) PROV_CHECK(insert_pending_words());
  PROV_CHECK(insert_pending_codes());  // its own may be among them
  PROV_CHECK(remove_code(store_->database(), key));
  PROV_CHECK(remove_words(key));
  // The parts go with it.
  PROV_TRY(Statement remove_model, store_->database().prepare("DELETE FROM model WHERE key = ?1"));
  return remove_model.bind(1, key).run();
}

Result<void> Batch::commit() {
  if (broken_) {
    return Error{.code = ErrorCode::io,
                 .message = "nothing was changed, because a step of the change failed",
                 .file = store_->database().name()};
  }
  PROV_CHECK(insert_pending_words());
  PROV_CHECK(insert_pending_codes());
  if (changed_) PROV_CHECK(store_->remove_facts(kSealPrefix));
  return transaction_.commit();
}

Result<Outcome> add(const Store& store, const Record& record, Existing existing) {
  PROV_TRY(Batch batch, Batch::begin(store));
  PROV_TRY(const Outcome outcome, batch.add(record, existing));
  PROV_CHECK(batch.commit());
  return outcome;
}

Result<bool> remove(const Store& store, std::string_view id) {
  PROV_TRY(Batch batch, Batch::begin(store));
  PROV_TRY(const bool removed, batch.remove(id));
  PROV_CHECK(batch.commit());
  return removed;
}

}  // namespace prov::store
