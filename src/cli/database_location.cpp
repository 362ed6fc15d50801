#include "cli/database_location.hpp"

#include <fmt/format.h>

#include "base/try.hpp"

namespace prov::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDatabaseFile = "models.db";

Result<fs::path> not_empty(const std::string& value, std::string_view chosen_by) {
  if (!value.empty()) return fs::path(value);
  return Error{.code = ErrorCode::invalid_argument,
               .message = fmt::format("{}: the name is empty", chosen_by)};
}

// A folder of the user: `variable` where it is an absolute path (the XDG rule), else `below` the
// home folder.
Result<fs::path> user_folder(const Environment& environment, std::string_view variable,
                             std::string_view below) {
  const std::string set = environment.get(variable).value_or("");
  if (set.starts_with('/')) return fs::path(set);
  const std::string home = environment.get("HOME").value_or("");
  if (home.starts_with('/')) return fs::path(home) / below;
  return Error{.code = ErrorCode::invalid_argument,
               .message = "no home folder is known",
               .hint = fmt::format("name a place, or set HOME or {}", variable)};
}

}  // namespace

Result<DatabaseLocation> locate_database(const DatabaseChoice& choice,
                                         const Environment& environment) {
  struct Place {
    std::optional<std::string> value;
    std::string_view chosen_by;
    bool is_root;
  };
  for (const Place& place :
       {Place{choice.file, "--db", false}, Place{choice.root, "--db-root", true},
        Place{environment.setting("DB"), "PROVENANCEKIT_DB", false},
        Place{environment.setting("DB_ROOT"), "PROVENANCEKIT_DB_ROOT", true}}) {
    if (!place.value) continue;
    PROV_TRY(const fs::path path, not_empty(*place.value, place.chosen_by));
    return DatabaseLocation{place.is_root ? path / kDatabaseFile : path,
                            std::string(place.chosen_by)};
  }
  PROV_TRY(const fs::path folder, user_folder(environment, "XDG_DATA_HOME", ".local/share"));
  return DatabaseLocation{folder / "provenancekit" / kDatabaseFile, "default"};
}

Result<fs::path> locate_cache(const std::optional<std::string>& folder,
                              const Environment& environment) {
  if (folder) return not_empty(*folder, "--cache-dir");
  if (const std::optional<std::string> set = environment.setting("CACHE_DIR"))
    return not_empty(*set, "PROVENANCEKIT_CACHE_DIR");
  PROV_TRY(const fs::path user, user_folder(environment, "XDG_CACHE_HOME", ".cache"));
  return user / "provenancekit";
}

}  // namespace prov::cli
