#include "source/snapshot.hpp"

#include <algorithm>
#include <system_error>

#include "source/file_name.hpp"

namespace prov::source {
namespace fs = std::filesystem;

namespace {

bool is_file_or_dangling_link(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status target = fs::status(path, ignored);
  return fs::is_regular_file(target) || (target.type() == fs::file_type::not_found &&
                                         fs::is_symlink(fs::symlink_status(path, ignored)));
}

}  // namespace

bool Snapshot::contains(std::string_view name) const {
  if (remote) return is_plain_file_name(name) && remote->contains(name);
  return is_plain_file_name(name) && is_file_or_dangling_link(directory / name);
}

Result<std::unique_ptr<ByteSource>> Snapshot::open(std::string_view name) const {
  if (!is_plain_file_name(name)) {
    return Error{.code = ErrorCode::unsafe_path,
                 .message = "not a plain file name",
                 .file = directory.string(),
                 .field = std::string(name)};
  }
  return remote ? remote->open(name) : open_local_file((directory / name).string());
}

std::vector<std::string> Snapshot::list() const {
  if (remote) return remote->list();
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator entry(directory, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (is_file_or_dangling_link(entry->path())) names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace prov::source
