// From rows to records: each read checks the digests of what it gives.
#pragma once

#include "store/database.hpp"
#include "store/record.hpp"

namespace prov::store {

/// Error malformed for a record that is not what was stored. `what` is the part or what is wrong.
Error damaged(const Database& database, std::string_view id, std::string_view what);

/// True where `digest` is the SHA-256 of `bytes`.
bool is_digest_of(std::span<const std::byte> digest, std::span<const std::byte> bytes);

/// Statements for many reads. To be used inside one transaction, where several calls belong
/// together.
class RecordRows {
 public:
  static Result<RecordRows> prepare(const Database& database);

  /// Error not_found where there is no such record, malformed where its row is damaged.
  Result<RecordSummary> summary(std::int64_t key);
  /// Ascending by name. Error malformed where they are not the parts of `record`.
  Result<std::vector<PartSummary>> parts(const RecordSummary& record);
  Result<std::vector<std::byte>> bytes(const RecordSummary& record, const PartSummary& part);
  /// A part by its name; absent where the record has none of it.
  Result<std::optional<std::vector<std::byte>>> part(const RecordSummary& record,
                                                     std::string_view name);
  /// A part as it is there, its digest not checked. Errors: not_found, malformed.
  Result<std::vector<std::byte>> unchecked_bytes(std::int64_t key, std::string_view part);
  /// All of it, each part checked.
  Result<Record> record(const RecordSummary& record);

 private:
  RecordRows(const Database& database, Statement summary, Statement parts, Statement bytes)
      : database_(&database),
        summary_(std::move(summary)),
        parts_(std::move(parts)),
        bytes_(std::move(bytes)) {}

  const Database* database_;
  Statement summary_, parts_, bytes_;
};

}  // namespace prov::store
