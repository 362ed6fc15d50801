// What the commands `db` and `cache` show.
#pragma once

#include "report/document.hpp"
#include "store/cache.hpp"
#include "store/describe.hpp"
#include "store/transfer.hpp"
#include "store/verify.hpp"

namespace prov::report {

/// Version of the JSON layout, the number in schema/db-<version>.schema.json.
inline constexpr int kDatabaseSchemaVersion = 1;

/// db init, db info.
Document description_document(const store::Description& description);

/// Which database a command would use, and whether it can.
struct DatabaseStatus {
  std::string path, chosen_by;  // "--db", "PROVENANCEKIT_DB" and so on
  bool exists = false, readable = false, writable = false;
  std::uint64_t records = 0, with_weights = 0;
  std::string problem;  // why it cannot be read; empty: it can, or it does not exist
};
Document status_document(const DatabaseStatus& status);

/// db list: some records; `first` is the number of the first one. The data is a list.
Document record_list_document(const std::vector<store::RecordSummary>& records,
                              std::uint64_t first);
/// db show.
Document record_document(const store::RecordSummary& record,
                         const std::vector<store::PartSummary>& parts);

Document verification_document(const std::string& path, const store::Verification& result);

/// What `db import`, `db merge` and `db export` did: one row a source.
struct TransferRow {
  std::string source;
  store::Transfer transfer;
  std::string seal;  // seal_state_name, "broken", or empty where there can be none
};
Document transfer_document(const std::string& action, const std::string& path,
                           const std::vector<TransferRow>& rows);
Document removal_document(const std::string& path, const std::vector<std::string>& ids);

/// cache info, cache clear, cache prune; `removed` where entries were.
Document cache_document(const std::string& action, const std::string& path,
                        const store::CacheInfo& info, std::optional<std::uint64_t> removed);

}  // namespace prov::report
