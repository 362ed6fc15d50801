#include "source/hub/hub_cache.hpp"

#include <fmt/format.h>

#include <string_view>
#include <system_error>
#include <vector>

#include "base/white_space.hpp"
#include "source/byte_source.hpp"
#include "source/file_name.hpp"

namespace prov::source {
namespace {
namespace fs = std::filesystem;

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

/// The commit that a branch or tag of a repository names; empty if there is none.
std::string commit_of(const fs::path& repository, std::string_view revision) {
  constexpr std::uint64_t kMaxRefBytes = 1024;
  const auto file = open_local_file((repository / "refs" / revision).string());
  if (!file) return {};
  const auto text = read_all(**file, kMaxRefBytes);
  return text ? std::string(base::trimmed(*text)) : std::string();
}

}  // namespace

bool is_hub_repository(const fs::path& directory) {
  const fs::path name = (directory / ".").lexically_normal().parent_path().filename();
  std::error_code ignored;
  return name.string().substr(0, 8) == "models--" &&
         fs::is_directory(directory / "snapshots", ignored);
}

Result<fs::path> hub_snapshot(const fs::path& repository) {
  const fs::path snapshots = repository / "snapshots";
  const std::string commit = commit_of(repository, "main");
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

std::optional<fs::path> cached_snapshot(const fs::path& cache, const HubId& id) {
  const fs::path repository = cache / id.folder();
  const std::string commit = id.is_commit() ? id.revision : commit_of(repository, id.revision);
  std::error_code ignored;
  if (!is_plain_file_name(commit) || !fs::is_directory(repository / "snapshots" / commit, ignored))
    return std::nullopt;
  return repository / "snapshots" / commit;
}

}  // namespace prov::source
