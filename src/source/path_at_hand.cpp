#include "source/path_at_hand.hpp"

#include <optional>
#include <string>

#include "base/try.hpp"
#include "source/hub/environment.hpp"
#include "source/hub/hub_cache.hpp"
#include "source/hub/hub_id.hpp"
#include "source/snapshot.hpp"

namespace prov::source {
namespace {
namespace fs = std::filesystem;

Result<fs::path> path_of(std::string_view reference) {
  PROV_TRY(const Snapshot snapshot, locate(reference));
  return snapshot.weight_file.empty() ? snapshot.directory
                                      : snapshot.directory / snapshot.weight_file;
}

}  // namespace

Result<fs::path> path_at_hand(std::string_view reference) {
  // Neither of these, nor an absolute path, leads locate() to the network.
  if (reference.starts_with("ollama:") || reference.starts_with("~")) return path_of(reference);
  std::error_code failed;
  const fs::path path = fs::absolute(reference, failed);
  if (!reference.empty() && !failed && fs::exists(path, failed)) return path_of(path.string());

  const HubEnvironment environment = hub_environment();
  if (const std::optional<HubId> id = parse_hub_id(reference, environment.endpoint)) {
    const std::optional<fs::path> cached = cached_snapshot(environment.cache, *id);
    if (cached) return id->file.empty() ? *cached : *cached / id->file;
  }
  return Error{.code = ErrorCode::not_found,
               .message = "not on this machine",
               .file = std::string(reference)};
}

}  // namespace prov::source
