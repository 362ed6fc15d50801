#include "store/store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "base/try.hpp"
#include "store/new_file.hpp"
#include "store/record_rows.hpp"
#include "store/schema.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;

Result<void> bring_up_to_date(const Database& database) {
  PROV_TRY(Transaction transaction, Transaction::begin(database, Transaction::Kind::write));
  PROV_CHECK(check_identity(database, /*may_be_old=*/true));  // another process may have been first
  PROV_CHECK(migrate(database));
  return transaction.commit();
}

}  // namespace

Result<Store> Store::open(const fs::path& path, Mode mode) {
  std::error_code error;
  if (mode == Mode::create && !fs::exists(path, error)) PROV_CHECK(make_new_file(path));
  const Mode existing = mode == Mode::read ? Mode::read : Mode::write;
  PROV_TRY(std::unique_ptr<Database> database, Database::open(path, existing));
  PROV_TRY(const int version, check_identity(*database, existing == Mode::write));
  PROV_CHECK(check_schema(*database, version));
  if (existing == Mode::write) {
    // An exported database is a single file without a log; from now on it has one.
    PROV_CHECK(database->run("PRAGMA journal_mode = WAL"));
    if (version < kSchemaVersion) PROV_CHECK(bring_up_to_date(*database));
  }
  return Store(std::move(database));
}

Result<std::uint64_t> Store::count() const {
  PROV_TRY(const std::int64_t number, database_->number("SELECT count(*) FROM model"));
  return static_cast<std::uint64_t>(number);
}

Result<std::optional<std::int64_t>> Store::key_of(std::string_view id) const {
  PROV_TRY(Statement select, database_->prepare("SELECT key FROM model WHERE id = ?1"));
  PROV_TRY(const bool row, select.bind(1, id).step());
  if (!row) return std::optional<std::int64_t>();
  return std::optional(select.number(0));
}

Result<std::optional<Record>> Store::find(std::string_view id) const {
  PROV_TRY(const Transaction one_state, Transaction::begin(*database_, Transaction::Kind::read));
  PROV_TRY(const std::optional<std::int64_t> key, key_of(id));
  if (!key) return std::optional<Record>();
  PROV_TRY(Record record, read(*key));
  if (record.id != id) return damaged(*database_, id, "the index leads to another record");
  return std::optional(std::move(record));
}

Result<RecordSummary> Store::summary(std::int64_t key) const {
  PROV_TRY(RecordRows rows, RecordRows::prepare(*database_));
  return rows.summary(key);
}

Result<std::vector<PartSummary>> Store::parts(std::int64_t key) const {
  PROV_TRY(RecordRows rows, RecordRows::prepare(*database_));
  PROV_TRY(const RecordSummary record, rows.summary(key));
  return rows.parts(record);
}

Result<Record> Store::read(std::int64_t key) const {
  PROV_TRY(const Transaction one_state, Transaction::begin(*database_, Transaction::Kind::read));
  PROV_TRY(RecordRows rows, RecordRows::prepare(*database_));
  PROV_TRY(const RecordSummary record, rows.summary(key));
  return rows.record(record);
}

Result<std::optional<std::vector<std::byte>>> Store::part(std::int64_t key,
                                                          std::string_view name) const {
  PROV_TRY(const Transaction one_state, Transaction::begin(*database_, Transaction::Kind::read));
  PROV_TRY(RecordRows rows, RecordRows::prepare(*database_));
  PROV_TRY(const RecordSummary record, rows.summary(key));
  return rows.part(record, name);
}

Result<std::vector<std::int64_t>> Store::keys_of_content(std::string_view content_key) const {
  std::vector<std::int64_t> keys;
  if (content_key.empty()) return keys;
  PROV_TRY(Statement select,
           database_->prepare("SELECT key FROM model WHERE content_key = ?1 AND content_key <> '' "
                              "ORDER BY key"));
  select.bind(1, content_key);
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return keys;
    keys.push_back(select.number(0));
  }
}

Result<void> Store::for_each(const RecordFilter& filter, const RecordVisitor& visit) const {
  PROV_TRY(const Transaction one_state, Transaction::begin(*database_, Transaction::Kind::read));
  PROV_TRY(RecordRows rows, RecordRows::prepare(*database_));
  // Keys come from the index alone: a damaged page of records spoils its own records only.
  PROV_TRY(Statement keys, database_->prepare("SELECT key FROM model ORDER BY id"));
  for (;;) {
    PROV_TRY(const bool row, keys.step());
    if (!row) return {};
    const Result<RecordSummary> record = rows.summary(keys.number(0));
    const bool wanted =
        !record || ((filter.publisher.empty() || record->publisher == filter.publisher) &&
                    (filter.family.empty() || record->family == filter.family));
    if (!wanted) continue;
    PROV_TRY(const bool more, visit(record));
    if (!more) return {};
  }
}

Result<void> Store::for_each_part(std::string_view name, const PartVisitor& visit) const {
  PROV_TRY(Statement select,
           database_->prepare("SELECT model, sha256, bytes, pieces FROM part WHERE name = "
                              "?1 ORDER BY model"));
  select.bind(1, name);
  PROV_TRY(RecordRows rows, RecordRows::prepare(*database_));
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return {};
    std::span<const std::byte> bytes = select.bytes(2);
    std::vector<std::byte> whole;
    if (!select.bytes(3).empty()) {
      Result<std::vector<std::byte>> joined = rows.unchecked_bytes(select.number(0), name);
      if (joined) whole = *std::move(joined);
      bytes = whole;
    }
    Result<std::span<const std::byte>> checked = bytes;
    if (!is_digest_of(select.bytes(1), bytes)) {
      const Result<RecordSummary> record = summary(select.number(0));
      checked = damaged(*database_, record ? record->id : "a record without a name", name);
    }
    PROV_TRY(const bool more, visit(select.number(0), checked));
    if (!more) return {};
  }
}

Result<std::vector<std::int64_t>> Store::keys_of_part(std::string_view name) const {
  PROV_TRY(Statement select,
           database_->prepare("SELECT model FROM part WHERE name = ?1 ORDER BY model"));
  select.bind(1, name);
  std::vector<std::int64_t> keys;
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return keys;
    keys.push_back(select.number(0));
  }
}

Result<std::int64_t> Store::last_key() const {
  return database_->number("SELECT coalesce(max(key), 0) FROM model");
}

bool can_be_written(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  return faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0 &&
         faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) == 0;
}

}  // namespace prov::store
