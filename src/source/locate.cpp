#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "base/try.hpp"
#include "source/http/web_folder.hpp"
#include "source/hub/environment.hpp"
#include "source/hub/hub_cache.hpp"
#include "source/hub/hub_folder.hpp"
#include "source/hub/hub_id.hpp"
#include "source/ollama_store.hpp"
#include "source/snapshot.hpp"

namespace prov::source {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view kOllama = "ollama:";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// "~" and "~/x" as a shell would read them; "~name" is left alone.
fs::path expanded(std::string_view text) {
  const char* home = std::getenv("HOME");
  const bool in_home = text == "~" || text.substr(0, 2) == "~/";
  if (!in_home || home == nullptr) return fs::path(text);
  return fs::path(home) / text.substr(std::min<std::size_t>(2, text.size()));
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> starts) {
  return std::ranges::any_of(starts,
                             [&](std::string_view start) { return text.starts_with(start); });
}

Result<Snapshot> locate_in_ollama(std::string_view text) {
  PROV_TRY(const fs::path file, find_ollama_model(text.substr(kOllama.size())));
  return Snapshot{.reference = std::string(text),
                  .directory = file.parent_path(),
                  .weight_file = file.filename().string(),
                  .remote = {}};
}

Snapshot local_folder(std::string_view text, fs::path directory) {
  return {.reference = std::string(text),
          .directory = std::move(directory),
          .weight_file = {},
          .remote = {}};
}

Snapshot cached_model(std::string_view text, const fs::path& directory, const HubId& id) {
  Snapshot snapshot = local_folder(text, directory);
  snapshot.weight_file = id.file;
  return snapshot;
}

/// On the Hub as it is now; in the Hub's cache where the network is not wanted or not there.
Result<Snapshot> locate_on_hub(std::string_view text, const HubId& id) {
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

Result<Snapshot> locate_on_web(std::string_view text) {
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

Result<Snapshot> locate(std::string_view reference) {
  const std::string_view text = trimmed(reference);
  if (text.empty())
    return Error{.code = ErrorCode::invalid_argument, .message = "the reference is empty"};
  if (text.find('\0') != std::string_view::npos) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "a reference cannot hold a NUL",
                 .file = std::string(text)};
  }
  if (text.starts_with(kOllama)) return locate_in_ollama(text);
  const std::optional<HubId> id = parse_hub_id(text, hub_environment().endpoint);
  if (starts_with_any(text, {"hf:", "https://", "http://"})) {
    if (id) return once(text, [&] { return locate_on_hub(text, *id); });
    if (!text.starts_with("hf:")) return once(text, [&] { return locate_on_web(text); });
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "not a model name of the Hub",
                 .file = std::string(text),
                 .hint = "hf:org/name or hf:org/name@revision"};
  }
  const fs::path path = expanded(text);
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  Snapshot snapshot = local_folder(text, path);
  if (fs::is_directory(status)) {
    if (is_hub_repository(path)) {
      PROV_TRY(snapshot.directory, hub_snapshot(path));
    }
    return snapshot;
  }
  if (fs::exists(status)) {
    snapshot.directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
    snapshot.weight_file = path.filename().string();
    return snapshot;
  }
  if (status.type() != fs::file_type::not_found) {
    return Error{.code = ErrorCode::io,
                 .message = "cannot examine: " + failed.message(),
                 .file = std::string(text)};
  }
  std::error_code ignored;
  if (fs::is_symlink(fs::symlink_status(path, ignored))) {
    return Error{.code = ErrorCode::not_found,
                 .message = "the file that this link points to is missing",
                 .file = std::string(text),
                 .hint = "blob missing, incomplete download?"};
  }
  if (!id) {
    return Error{.code = ErrorCode::not_found,
                 .message = "no such file or folder",
                 .file = std::string(text),
                 .hint = {}};
  }
  Result<Snapshot> found = once(text, [&] { return locate_on_hub(text, *id); });
  if (!found)
    found.error().message =
        "no such file or folder; as a model of the Hub: " + found.error().message;
  return found;
}

}  // namespace prov::source
