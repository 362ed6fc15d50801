#include "source/locate_elsewhere.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "base/try.hpp"
#include "source/http/web_folder.hpp"
#include "source/hub/environment.hpp"
#include "source/hub/hub_cache.hpp"
#include "source/hub/hub_folder.hpp"
#include "source/ollama_store.hpp"

namespace prov::source {
namespace {
namespace fs = std::filesystem;

Snapshot cached_model(std::string_view text, const fs::path& directory, const HubId& id) {
  return {
      .reference = std::string(text), .directory = directory, .weight_file = id.file, .remote = {}};
}

Result<Snapshot> ask_hub(std::string_view text, const HubId& id) {
  const HubEnvironment environment = hub_environment();
  const std::optional<fs::path> cached = cached_snapshot(environment.cache, id);
  if (environment.offline) {
    if (cached) return cached_model(text, *cached, id);
    return Error{.code = ErrorCode::not_found,
                 .message = "not in the Hub's cache on this machine",
                 .file = std::string(text),
                 .hint = "offline: without --offline and HF_HUB_OFFLINE the Hub is asked"};
  }
  auto folder = open_hub_folder(id, environment);
  if (!folder && cached && folder.error().code == ErrorCode::io)
    return cached_model(text, *cached, id);
  if (!folder) return std::move(folder).error();
  return Snapshot{.reference = std::string(text),
                  .directory = fs::path(environment.endpoint + "/" + id.name),
                  .weight_file = id.file,
                  .remote = *std::move(folder)};
}

Result<Snapshot> ask_web(std::string_view text) {
  if (hub_environment().offline) {
    return Error{.code = ErrorCode::not_found,
                 .message = "an address of the web, and offline",
                 .file = std::string(text)};
  }
  PROV_TRY(WebFile file, open_web_file(text));
  return Snapshot{.reference = std::string(text),
                  .directory = fs::path(text).parent_path(),
                  .weight_file = std::move(file.name),
                  .remote = std::move(file.folder)};
}

/// What a process has seen of a model elsewhere does not change under it: one reference, one
/// commit; and a server that was waited for in vain is not waited for again.
Result<Snapshot> once(std::string_view text, const std::function<Result<Snapshot>()>& look) {
  static std::mutex mutex;
  static std::map<std::string, Result<Snapshot>, std::less<>> seen;
  {
    const std::lock_guard lock(mutex);
    if (const auto known = seen.find(text); known != seen.end()) return known->second;
  }
  Result<Snapshot> found = look();
  const std::lock_guard lock(mutex);
  return seen.emplace(std::string(text), std::move(found)).first->second;
}

}  // namespace

Result<Snapshot> locate_on_hub(std::string_view text, const HubId& id) {
  return once(text, [&] { return ask_hub(text, id); });
}

Result<Snapshot> locate_on_web(std::string_view text) {
  return once(text, [&] { return ask_web(text); });
}

Result<Snapshot> locate_in_ollama(std::string_view text, std::string_view name) {
  PROV_TRY(const fs::path file, find_ollama_model(name));
  return Snapshot{.reference = std::string(text),
                  .directory = file.parent_path(),
                  .weight_file = file.filename().string(),
                  .remote = {}};
}

}  // namespace prov::source
