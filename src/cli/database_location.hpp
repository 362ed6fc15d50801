// Where the database and the cache are.
#pragma once

#include <filesystem>
#include <string>

#include "cli/environment.hpp"
#include "cli/options.hpp"

namespace prov::cli {

struct DatabaseLocation {
  std::filesystem::path path;
  std::string chosen_by;  // "--db", "PROVENANCEKIT_DB", "default" and so on
};

/// The first that is set of: --db FILE, --db-root DIR, PROVENANCEKIT_DB, PROVENANCEKIT_DB_ROOT
/// (each root: DIR/models.db), $XDG_DATA_HOME/provenancekit/models.db,
/// ~/.local/share/provenancekit/models.db. Error invalid_argument for an empty name, or where no
/// home folder is known.
Result<DatabaseLocation> locate_database(const DatabaseChoice& choice,
                                         const Environment& environment);

/// The first that is set of: --cache-dir DIR, PROVENANCEKIT_CACHE_DIR,
/// $XDG_CACHE_HOME/provenancekit,
/// ~/.cache/provenancekit. Errors as above.
Result<std::filesystem::path> locate_cache(const std::optional<std::string>& folder,
                                           const Environment& environment);

}  // namespace prov::cli
