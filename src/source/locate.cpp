#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "base/try.hpp"
#include "source/file_name.hpp"
#include "source/snapshot.hpp"

namespace prov::source {
namespace {
namespace fs = std::filesystem;

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

/// Why a text that names nothing here may have been typed.
std::string hint_for_missing(std::string_view text) {
  for (std::string_view scheme : {"hf:", "http://", "https://", "ollama:", "s3://"}) {
    if (text.substr(0, scheme.size()) == scheme) {
      return fmt::format("\"{}\" references are not read yet; give a local folder", scheme);
    }
  }
  const auto is_id_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '/';
  };
  const bool one_slash =
      std::count(text.begin(), text.end(), '/') == 1 && text.front() != '/' && text.back() != '/';
  const bool relative = text.front() == '.' || text.front() == '~';
  if (one_slash && !relative && std::all_of(text.begin(), text.end(), is_id_character)) {
    return "Hub ids are not read yet; give a local folder";
  }
  return {};
}

std::vector<fs::path> folders_in(const fs::path& parent) {
  std::vector<fs::path> folders;
  std::error_code failed;
  for (fs::directory_iterator entry(parent, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) folders.push_back(entry->path());
  }
  return folders;
}

/// The commit that refs/main of a Hub cache repository names; empty if there is none.
std::string main_commit(const fs::path& repository) {
  constexpr std::uint64_t kMaxRefBytes = 1024;
  const auto file = open_local_file((repository / "refs" / "main").string());
  if (!file) return {};
  const auto text = read_all(**file, kMaxRefBytes);
  return text ? std::string(trimmed(*text)) : std::string();
}

/// Layout of the Hub cache: models--org--name/{blobs/<hash>, refs/<branch>,
/// snapshots/<commit>/<file -> ../../blobs>}.
bool is_hub_repository(const fs::path& directory) {
  const fs::path name = (directory / ".").lexically_normal().parent_path().filename();
  std::error_code ignored;
  return name.string().substr(0, 8) == "models--" &&
         fs::is_directory(directory / "snapshots", ignored);
}

Result<fs::path> hub_snapshot(const fs::path& repository) {
  const fs::path snapshots = repository / "snapshots";
  const std::string commit = main_commit(repository);
  std::error_code ignored;
  if (is_plain_file_name(commit) && fs::is_directory(snapshots / commit, ignored))
    return snapshots / commit;
  const std::vector<fs::path> found = folders_in(snapshots);
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return Error{.code = ErrorCode::not_found,
                 .message = "this Hub cache holds no snapshot of the model",
                 .file = repository.string(),
                 .hint = "incomplete download?"};
  }
  return Error{
      .code = ErrorCode::not_found,
      .message = fmt::format("{} snapshots, and refs/main names none of them", found.size()),
      .file = repository.string(),
      .hint = "give one of the folders in snapshots/"};
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
  const fs::path path = expanded(text);
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  Snapshot snapshot{.reference = std::string(text), .directory = path, .weight_file = {}};
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
  const bool dangling = fs::is_symlink(fs::symlink_status(path, ignored));
  return Error{.code = ErrorCode::not_found,
               .message = dangling ? "the file that this link points to is missing"
                                   : "no such file or folder",
               .file = std::string(text),
               .hint = dangling ? "blob missing, incomplete download?" : hint_for_missing(text)};
}

}  // namespace prov::source
