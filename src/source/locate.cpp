#include <algorithm>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

#include "base/try.hpp"
#include "base/white_space.hpp"
#include "source/hub/environment.hpp"
#include "source/hub/hub_cache.hpp"
#include "source/hub/hub_id.hpp"
#include "source/locate_elsewhere.hpp"
#include "source/snapshot.hpp"

namespace prov::source {
namespace {
namespace fs = std::filesystem;

/// "~" and "~/x" as a shell would read them; "~name" is left alone.
fs::path expanded(std::string_view text) {
  const char* home = std::getenv("HOME");
  const bool in_home = text == "~" || text.substr(0, 2) == "~/";
  if (!in_home || home == nullptr) return fs::path(text);
  return fs::path(home) / text.substr(std::min<std::size_t>(2, text.size()));
}

Error refused(ErrorCode code, std::string message, std::string_view text, std::string hint = {}) {
  return {.code = code,
          .message = std::move(message),
          .file = std::string(text),
          .hint = std::move(hint)};
}

Result<void> check_is_text(std::string_view text) {
  if (text.empty()) return refused(ErrorCode::invalid_argument, "the reference is empty", text);
  if (text.find('\0') != std::string_view::npos)
    return refused(ErrorCode::invalid_argument, "a reference cannot hold a NUL", text);
  return {};
}

using Found = std::optional<Snapshot>;

/// The folder or file of that path, if there is one.
Result<Found> locate_on_disk(std::string_view text) {
  const fs::path path = expanded(text);
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  Snapshot snapshot{
      .reference = std::string(text), .directory = path, .weight_file = {}, .remote = {}};
  if (fs::is_directory(status)) {
    if (is_hub_repository(path)) {
      PROV_TRY(snapshot.directory, hub_snapshot(path));
    }
    return Found(std::move(snapshot));
  }
  if (fs::exists(status)) {
    snapshot.directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
    snapshot.weight_file = path.filename().string();
    return Found(std::move(snapshot));
  }
  if (status.type() != fs::file_type::not_found)
    return refused(ErrorCode::io, "cannot examine: " + failed.message(), text);
  std::error_code ignored;
  if (fs::is_symlink(fs::symlink_status(path, ignored))) {
    return refused(ErrorCode::not_found, "the file that this link points to is missing", text,
                   "blob missing, incomplete download?");
  }
  return Found();
}

}  // namespace

Result<Snapshot> locate(std::string_view reference) {
  const std::string_view text = base::trimmed(reference);
  PROV_CHECK(check_is_text(text));
  constexpr std::string_view kOllama = "ollama:";
  if (text.starts_with(kOllama)) return locate_in_ollama(text, text.substr(kOllama.size()));
  const std::optional<HubId> id = parse_hub_id(text, hub_endpoint());
  const bool is_hub_name = text.starts_with("hf:");
  const bool is_address = text.starts_with("https://") || text.starts_with("http://");
  if (id && (is_hub_name || is_address)) return locate_on_hub(text, *id);
  if (is_address) return locate_on_web(text);
  if (is_hub_name) {
    return refused(ErrorCode::invalid_argument, "not a model name of the Hub", text,
                   "hf:org/name or hf:org/name@revision");
  }
  PROV_TRY(Found on_disk, locate_on_disk(text));
  if (on_disk) return *std::move(on_disk);
  const std::string nothing = "no such file or folder";
  if (!id && text.find("://") != std::string_view::npos) {
    return refused(ErrorCode::unsupported, "addresses of this kind are not read", text,
                   "https://..., hf:org/name and ollama:name are; else fetch it into a folder");
  }
  if (!id) return refused(ErrorCode::not_found, nothing, text);
  Result<Snapshot> found = locate_on_hub(text, *id);
  if (!found) {
    // What was typed comes first: it may have been meant for a folder.
    found.error().message = nothing + "; as a model of the Hub: " + found.error().message;
    found.error().file = text;
  }
  return found;
}

}  // namespace prov::source
