#include "store/parquet_transfer.hpp"

#include <fmt/format.h>

#include <system_error>

#include "base/try.hpp"
#include "store/batched_adding.hpp"
#include "store/new_file.hpp"
#include "store/parquet_module.hpp"
#include "store/record_rows.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;

Result<Transfer> write_tables(const Store& store, const ParquetModule& module,
                              const fs::path& folder, const TransferOptions& options) {
  PROV_TRY(const std::unique_ptr<TableWriter> writer, module.write(folder.string()));
  PROV_TRY(const Transaction one_state,
           Transaction::begin(store.database(), Transaction::Kind::read));
  PROV_TRY(RecordRows rows, RecordRows::prepare(store.database()));
  PROV_TRY(Statement keys, store.database().prepare("SELECT key FROM model ORDER BY key"));
  Transfer transfer;
  for (;;) {
    PROV_TRY(const bool more, keys.step());
    if (!more) break;
    if (options.stop.stop_requested())
      return Error{.code = ErrorCode::cancelled, .message = "stopped"};
    PROV_TRY(const RecordSummary summary, rows.summary(keys.number(0)));
    PROV_TRY(Record record, rows.record(summary));
    if (options.progress != nullptr) options.progress->advance(size_of(record));
    PROV_CHECK(writer->add({summary.key, std::move(record), summary.sha256}));
    ++transfer.added;
  }
  PROV_CHECK(writer->finish());
  return transfer;
}

Error cannot(const fs::path& folder, const std::error_code& error) {
  return {.code = ErrorCode::io,
          .message = "cannot make the folder: " + error.message(),
          .file = folder.string()};
}

}  // namespace

bool is_parquet_folder(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / "models.parquet", error);
}

Result<Transfer> export_parquet(const Store& store, const fs::path& folder,
                                const TransferOptions& options) {
  PROV_TRY(const ParquetModule* module, parquet_module());
  std::error_code error;
  if (fs::exists(fs::symlink_status(folder, error))) {
    return Error{.code = ErrorCode::duplicate,
                 .message = "the folder exists already",
                 .file = folder.string(),
                 .hint = "an export never replaces anything"};
  }
  const fs::path made = name_beside(folder);
  if (!fs::create_directory(made, error)) return cannot(folder, error);
  if (options.progress != nullptr) options.progress->phase("writing tables");
  Result<Transfer> transfer = write_tables(store, *module, made, options);
  if (transfer) {
    fs::rename(made, folder, error);
    if (error) transfer = cannot(folder, error);
  }
  if (!transfer) fs::remove_all(made, error);
  return transfer;
}

Result<Transfer> import_parquet(const Store& target, const fs::path& folder,
                                const TransferOptions& options) {
  PROV_TRY(const ParquetModule* module, parquet_module());
  if (options.progress != nullptr) options.progress->phase("reading tables");
  BatchedAdding adding(target, options);
  const auto take = [&](TableRow row) -> Result<void> {
    PROV_CHECK(adding.check_stop());
    Result<void> valid = check_record(row.record);
    if (valid && digest_of(row.record) != row.sha256)
      valid = Error{.code = ErrorCode::malformed, .message = "it is not what was exported"};
    if (valid) return adding.add(row.record);
    const bool named = !row.record.id.empty() && row.record.id.size() <= kLongestId;
    adding.leave_out(
        {named ? row.record.id : fmt::format("record {}", row.model), valid.error().to_string()});
    return {};
  };
  PROV_CHECK(module->read(folder.string(), take));
  return adding.finish();
}

}  // namespace prov::store
