#include "store/transfer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include "base/try.hpp"
#include "store/new_file.hpp"
#include "store/reachable_keys.hpp"
#include "store/record_rows.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kBatchRecords = 500;
constexpr std::uint64_t kBatchBytes = 32 * 1024 * 1024;

std::uint64_t size_of(const Record& record) {
  std::uint64_t bytes = record.metadata_json.size() + 8 * record.words.size();
  for (const auto& [name, part] : record.parts) bytes += part.size();
  return bytes;
}

class Merge {
 public:
  Merge(const Store& target, const Store& source, const TransferOptions& options)
      : target_(target), source_(source), options_(options) {}

  Result<Transfer> run() {
    PROV_TRY(const Transaction one_state,
             Transaction::begin(source_.database(), Transaction::Kind::read));
    const ReachableKeys reached = reachable_keys(source_.database());
    if (!reached.damage.empty()) note(transfer_.damage, Damage{"file", reached.damage});
    begin_progress();
    PROV_TRY(RecordRows rows, RecordRows::prepare(source_.database()));
    for (const std::int64_t key : reached.keys) {
      if (options_.stop.stop_requested())
        return Error{.code = ErrorCode::cancelled, .message = "stopped"};
      const Result<RecordSummary> summary = rows.summary(key);
      const Result<Record> record =
          summary ? rows.record(*summary) : Result<Record>(summary.error());
      if (record) {
        PROV_CHECK(put(*record));
      } else {
        const std::string& name = record.error().field;
        note(transfer_.damage,
             Damage{name.empty() ? fmt::format("record {}", key) : name, record.error().message});
      }
    }
    PROV_CHECK(end_batch());
    PROV_CHECK(take_notices());
    return std::move(transfer_);
  }

 private:
  template <class Item>
  static void note(std::vector<Item>& list, Item item) {
    if (list.size() < kMostNamed) list.push_back(std::move(item));
  }

  void begin_progress() const {
    if (options_.progress == nullptr) return;
    options_.progress->phase("copying records");
    const Result<std::int64_t> bytes =
        source_.database().number("SELECT coalesce(sum(size), 0) FROM part");
    if (bytes) options_.progress->expect(static_cast<std::uint64_t>(*bytes));
  }

  Result<void> put(const Record& record) {
    if (!batch_) {
      PROV_TRY(Batch batch, Batch::begin(target_));
      batch_.emplace(std::move(batch));
    }
    PROV_TRY(const Outcome outcome, batch_->add(record, options_.existing));
    switch (outcome) {
      case Outcome::added:
        ++transfer_.added;
        break;
      case Outcome::unchanged:
        ++transfer_.unchanged;
        break;
      case Outcome::replaced:
        ++transfer_.replaced;
        break;
      case Outcome::kept:
        note(transfer_.kept, record.id);
        break;
    }
    const std::uint64_t bytes = size_of(record);
    if (options_.progress != nullptr) options_.progress->advance(bytes);
    bytes_ += bytes;
    if (++records_ < kBatchRecords && bytes_ < kBatchBytes) return {};
    return end_batch();
  }

  Result<void> end_batch() {
    records_ = bytes_ = 0;
    if (!batch_) return {};
    PROV_CHECK(batch_->commit());
    batch_.reset();
    return {};
  }

  Result<void> take_notices() {
    const auto notices = source_.facts("notice.");
    if (!notices) {
      note(transfer_.damage, Damage{"facts", notices.error().message});
      return {};
    }
    for (const auto& [name, text] : *notices) {
      const Result<std::optional<std::string>> there = target_.fact(name);
      if (there && *there == text) continue;
      // Another text of the same name: both are owed to somebody.
      const bool taken = !there || there->has_value();
      const std::string digest = base::hex(digest_of_fact("", text)).substr(0, 8);
      PROV_CHECK(target_.set_fact(taken ? fmt::format("{}.{}", name, digest) : name, text));
    }
    return {};
  }

  const Store& target_;
  const Store& source_;
  const TransferOptions& options_;
  Transfer transfer_;
  std::optional<Batch> batch_;
  std::uint64_t records_ = 0, bytes_ = 0;
};

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
  return Merge(target, source, options).run();
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
