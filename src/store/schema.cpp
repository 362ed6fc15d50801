#include "store/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <set>
#include <string>

#include "base/sha256.hpp"
#include "base/try.hpp"
#include "store/move_up.hpp"

namespace prov::embedded {
extern const std::string_view store_migration_1;
extern const std::string_view store_migration_2;
extern const std::string_view store_migration_3;
extern const std::string_view store_migration_4;
}  // namespace prov::embedded

namespace prov::store {
namespace {

// In order; a migration that was released is never edited.
std::array<std::string_view, kSchemaVersion> migrations() {
  return {embedded::store_migration_1, embedded::store_migration_2, embedded::store_migration_3,
          embedded::store_migration_4};
}

Error not_ours(const Database& database, std::string message) {
  return {.code = ErrorCode::malformed,
          .message = std::move(message),
          .file = database.name(),
          .hint = "is this the right file?"};
}

// Everything that a schema consists of, one text an entry.
Result<std::set<std::string>> entries(const Database& database) {
  PROV_TRY(Statement select,
           database.prepare("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema"));
  std::set<std::string> found;
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return found;
    found.insert(fmt::format("{} {} on {}: {}", select.text(0), select.text(1), select.text(2),
                             select.text(3)));
  }
}

}  // namespace

Result<void> migrate(const Database& database, int version) {
  PROV_TRY(const std::int64_t from, database.number("PRAGMA user_version"));
  const auto steps = migrations();
  for (auto step = static_cast<std::size_t>(from); step < static_cast<std::size_t>(version); ++step)
    PROV_CHECK(database.run(steps[step]));
  if (0 < from && from < 3 && version >= 3) PROV_CHECK(store_once(database));
  PROV_CHECK(database.run(fmt::format("PRAGMA application_id = {}", kApplicationId)));
  return database.run(fmt::format("PRAGMA user_version = {}", version));
}

Result<int> check_identity(const Database& database, bool may_be_old) {
  PROV_TRY(const std::int64_t application, database.number("PRAGMA application_id"));
  PROV_TRY(const std::int64_t version, database.number("PRAGMA user_version"));
  if (application != kApplicationId) {
    PROV_TRY(const std::int64_t tables, database.number("SELECT count(*) FROM sqlite_schema"));
    return not_ours(database, tables == 0 ? "an empty file, not a database of provenancekit"
                                          : "a database of another program");
  }
  if (version < 1) return not_ours(database, "a database without a schema version");
  if (version > kSchemaVersion) {
    return Error{.code = ErrorCode::unsupported,
                 .message = fmt::format("schema version {} is newer than {}, the newest that this "
                                        "version of provenancekit knows",
                                        version, kSchemaVersion),
                 .file = database.name(),
                 .hint = "nothing was changed; use a newer provenancekit"};
  }
  if (version < kSchemaVersion && !may_be_old) {
    return Error{.code = ErrorCode::unsupported,
                 .message = fmt::format("schema version {} is older than {} and cannot be brought "
                                        "up to date where it may only be read",
                                        version, kSchemaVersion),
                 .file = database.name(),
                 .hint = "run provenancekit db init on a copy that may be written"};
  }
  return static_cast<int>(version);
}

Result<std::string> digest_of_schema(const Database& database) {
  PROV_TRY(const std::set<std::string> found, entries(database));
  base::Sha256 digest;
  for (const std::string& entry : found) digest.update_counted(entry);
  return base::hex(digest.finish());
}

Result<void> check_schema(const Database& database, int version) {
  PROV_TRY(const std::string digest, digest_of_schema(database));
  if (version == kSchemaVersion && digest == kSchemaDigest) return {};
  PROV_TRY(const std::unique_ptr<Database> model, Database::in_memory());
  PROV_CHECK(migrate(*model, version));
  PROV_TRY(const std::set<std::string> expected, entries(*model));
  PROV_TRY(const std::set<std::string> found, entries(database));
  for (const std::string& entry : found) {
    if (!expected.contains(entry)) {
      Error error = not_ours(database, "the schema holds what it must not");
      error.field = entry.substr(0, entry.find(" on "));
      error.hint = "the file was altered or is damaged";
      return error;
    }
  }
  for (const std::string& entry : expected) {
    if (!found.contains(entry)) {
      Error error = not_ours(database, "the schema lacks a part");
      error.field = entry.substr(0, entry.find(" on "));
      error.hint = "the file was altered or is damaged";
      return error;
    }
  }
  return {};
}

}  // namespace prov::store
