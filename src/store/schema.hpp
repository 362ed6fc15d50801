// The tables of a database, and what makes a file one of ours.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/database.hpp"

namespace prov::store {

/// In the header of every database file (PRAGMA application_id): "PrvK".
inline constexpr std::int64_t kApplicationId = 0x5072764b;
/// The newest schema, the number of the last file in migrations/ (PRAGMA user_version).
inline constexpr int kSchemaVersion = 4;

/// Brings a database from its version to `version`, in the transaction of the caller. An empty file
/// has version 0.
Result<void> migrate(const Database& database, int version = kSchemaVersion);

/// Version of the schema of `database`. Errors: malformed for a database that is not ours,
/// unsupported for one from the future, or an old one where `may_be_old` is false.
Result<int> check_identity(const Database& database, bool may_be_old);

/// Of everything that the schema of a database consists of, as text: SHA-256.
Result<std::string> digest_of_schema(const Database& database);
/// That of the newest schema, as SQLite 3.40 words it: saves to make the schema for a comparison.
inline constexpr std::string_view kSchemaDigest =
    "c67b02226c819bdf038b29c83ea14c6d1057725d4fa63df516a4f480cf2f1808";

/// Error malformed where tables, indexes, views or triggers differ from those of its version.
Result<void> check_schema(const Database& database, int version);

}  // namespace prov::store
