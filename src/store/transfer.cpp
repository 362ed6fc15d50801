#include "store/transfer.hpp"

#include <fmt/format.h>

#include <system_error>

#include "base/try.hpp"
#include "store/batched_adding.hpp"
#include "store/new_file.hpp"
#include "store/reachable_keys.hpp"
#include "store/record_rows.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;

void begin_progress(const Store& source, Progress* progress) {
  if (progress == nullptr) return;
  progress->phase("copying records");
  const Result<std::int64_t> bytes =
      source.database().number("SELECT coalesce(sum(size), 0) FROM part");
  if (bytes) progress->expect(static_cast<std::uint64_t>(*bytes));
}

Damage damage_of(std::int64_t key, const Error& error) {
  return {error.field.empty() ? fmt::format("record {}", key) : error.field, error.message};
}

// What is owed to those whose data it is goes where the data goes.
Result<void> take_notices(const Store& target, const Store& source) {
  PROV_TRY(const auto notices, source.facts("notice."));
  for (const auto& [name, text] : notices) {
    const Result<std::optional<std::string>> there = target.fact(name);
    if (there && *there == text) continue;
    const bool taken = !there || there->has_value();
    // Another text of the same name: both are kept.
    const std::string digest = base::hex(digest_of_fact("", text)).substr(0, 8);
    PROV_CHECK(target.set_fact(taken ? fmt::format("{}.{}", name, digest) : name, text));
  }
  return {};
}

Result<Transfer> write_export(const Store& store, const fs::path& made,
                              std::span<const std::byte> key, const TransferOptions& options) {
  PROV_TRY(const Store target, Store::open(made, Mode::create));
  PROV_TRY(Transfer transfer, merge(target, store, options));
  if (!transfer.damage.empty()) {
    return Error{
        .code = ErrorCode::malformed,
        .message = fmt::format("{}: {}", transfer.damage[0].record, transfer.damage[0].what),
        .file = store.database().name(),
        .hint = "remove what is damaged first; provenancekit db verify lists it"};
  }
  PROV_CHECK(seal(target, key));
  PROV_CHECK(target.database().run("PRAGMA journal_mode = DELETE; VACUUM"));
  return transfer;
}

}  // namespace

Result<Transfer> merge(const Store& target, const Store& source, const TransferOptions& options) {
  const Database& from = source.database();
  PROV_TRY(const Transaction one_state, Transaction::begin(from, Transaction::Kind::read));
  begin_progress(source, options.progress);
  BatchedAdding adding(target, options);
  const ReachableKeys reached = reachable_keys(from);
  if (!reached.damage.empty()) adding.leave_out({"file", reached.damage});
  PROV_TRY(RecordRows rows, RecordRows::prepare(from));
  for (const std::int64_t key : reached.keys) {
    PROV_CHECK(adding.check_stop());
    const Result<RecordSummary> summary = rows.summary(key);
    const Result<Record> record = summary ? rows.record(*summary) : Result<Record>(summary.error());
    if (!record) {
      adding.leave_out(damage_of(key, record.error()));
      continue;
    }
    PROV_CHECK(adding.add(*record));
    if (options.progress != nullptr) options.progress->advance(size_of(*record));
  }
  PROV_TRY(Transfer transfer, adding.finish());
  if (const Result<void> taken = take_notices(target, source); !taken) {
    if (taken.error().code != ErrorCode::malformed) return taken.error();
    ++transfer.damage_count;
    transfer.damage.push_back({"facts", taken.error().message});
  }
  return transfer;
}

Result<Transfer> export_database(const Store& store, const fs::path& path,
                                 std::span<const std::byte> key, const TransferOptions& options) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(path, error))) {
    return Error{.code = ErrorCode::duplicate,
                 .message = "the file exists already",
                 .file = path.string(),
                 .hint = "an export never replaces a file"};
  }
  const fs::path made = name_beside(path);
  Result<Transfer> transfer = write_export(store, made, key, options);
  if (!transfer) {
    remove_made(made);
    if (transfer.error().file == made.string()) transfer.error().file = path.string();
    return transfer;
  }
  PROV_CHECK(put_in_place(made, path, IfThere::fail));
  return transfer;
}

}  // namespace prov::store
