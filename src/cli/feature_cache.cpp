#include "cli/feature_cache.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "cli/database_location.hpp"
#include "cli/output.hpp"

namespace prov::cli {

std::unique_ptr<FeatureCache> cache_for(const CacheChoice& choice, const Environment& environment,
                                        bool quiet) {
  if (choice.off) return nullptr;
  const bool named = choice.folder || environment.setting("CACHE_DIR");
  const Result<std::filesystem::path> folder = locate_cache(choice.folder, environment);
  std::error_code error;
  if (folder && !named && !std::filesystem::exists(folder->parent_path().parent_path(), error))
    return nullptr;
  Result<std::unique_ptr<FeatureCache>> cache =
      folder ? open_feature_cache(folder->string())
             : Result<std::unique_ptr<FeatureCache>>(folder.error());
  if (cache) return *std::move(cache);
  if (named && !quiet) {
    write_standard_error(
        fmt::format("provenancekit: warning: no cache is used: {}\n", cache.error().to_string()));
  }
  return nullptr;
}

}  // namespace prov::cli
