#pragma once

#include <filesystem>

#include "store/transfer.hpp"

namespace prov::store {

/// True for a folder that export_parquet may have written.
bool is_parquet_folder(const std::filesystem::path& folder);

/// Writes all records to a new folder of Parquet tables (parquet_module.hpp), which appears in one
/// step or not at all. Errors: duplicate where `folder` exists; malformed where a record is
/// damaged; unsupported where the module is missing; io; cancelled.
Result<Transfer> export_parquet(const Store& store, const std::filesystem::path& folder,
                                const TransferOptions& options);

/// Puts the records of such a folder into `target`, as merge() does. A record that breaks the rules
/// or whose digest does not hold is left out and named; what was committed before an error stays.
/// Errors: those of ParquetModule::read; unsupported, io, cancelled.
Result<Transfer> import_parquet(const Store& target, const std::filesystem::path& folder,
                                const TransferOptions& options);

}  // namespace prov::store
