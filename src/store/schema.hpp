// The tables of a database, and what makes a file one of ours.
#pragma once

#include <cstdint>

#include "store/database.hpp"

namespace prov::store {

/// In the header of every database file (PRAGMA application_id): "PrvK".
inline constexpr std::int64_t kApplicationId = 0x5072764b;
/// The newest schema, the number of the last file in migrations/ (PRAGMA user_version).
inline constexpr int kSchemaVersion = 3;

/// Brings a database from its version to `version`, in the transaction of the caller. An empty file
/// has version 0.
Result<void> migrate(const Database& database, int version = kSchemaVersion);

/// Version of the schema of `database`. Errors: malformed for a database that is not ours,
/// unsupported for one from the future, or an old one where `may_be_old` is false.
Result<int> check_identity(const Database& database, bool may_be_old);

/// Error malformed where tables, indexes, views or triggers differ from those of its version.
Result<void> check_schema(const Database& database, int version);

}  // namespace prov::store
