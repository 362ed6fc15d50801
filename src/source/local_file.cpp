#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/try.hpp"
#include "source/byte_source.hpp"

namespace prov::source {
namespace {

Error system_error(const std::string& path, std::string_view action, int number) {
  const bool missing = number == ENOENT || number == ENOTDIR;
  Error error{
      .code = missing ? ErrorCode::not_found : ErrorCode::io,
      .message = fmt::format("cannot {}: {}", action, std::generic_category().message(number)),
      .file = path};
  struct stat link{};
  if (missing && ::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode)) {
    error.message = "the file that this link points to is missing";
    error.hint = "blob missing, incomplete download?";
  }
  return error;
}

/// What tells one state of a file from another. Any write changes the times; a file put in its
/// place by rename changes the change time of the old one.
struct FileState {
  dev_t device;
  ino_t inode;
  off_t size;
  timespec modified;
  timespec changed;

  explicit FileState(const struct stat& status)
      : device(status.st_dev),
        inode(status.st_ino),
        size(status.st_size),
        modified(status.st_mtim),
        changed(status.st_ctim) {}

  bool same_as(const FileState& other) const {
    const auto same_time = [](const timespec& a, const timespec& b) {
      return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
    };
    return device == other.device && inode == other.inode && size == other.size &&
           same_time(modified, other.modified) && same_time(changed, other.changed);
  }
};

class LocalFile final : public ByteSource {
 public:
  LocalFile(std::string path, int descriptor, const struct stat& status)
      : path_(std::move(path)), descriptor_(descriptor), opened_(status) {}
  ~LocalFile() override { ::close(descriptor_); }
  LocalFile(const LocalFile&) = delete;
  LocalFile& operator=(const LocalFile&) = delete;

  const std::string& name() const override { return path_; }
  std::uint64_t size() const override { return static_cast<std::uint64_t>(opened_.size); }

  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size() || out.size() > size() - offset) {
      return Error{.code = ErrorCode::out_of_range,
                   .message = fmt::format("{} bytes wanted beyond the end", out.size()),
                   .file = path_,
                   .offset = offset};
    }
    while (!out.empty()) {
      const ssize_t got = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return system_error(path_, "read", errno);
      if (got == 0) return changed(offset, "the file was cut short while it was read");
      offset += static_cast<std::uint64_t>(got);
      out = out.subspan(static_cast<std::size_t>(got));
    }
    return {};
  }

  Result<void> verify_unchanged() const override {
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0) return system_error(path_, "examine", errno);
    if (!opened_.same_as(FileState(status)))
      return changed(std::nullopt, "the file changed while it was read");
    return {};
  }

 private:
  Error changed(std::optional<std::uint64_t> offset, std::string message) const {
    return Error{.code = ErrorCode::changed_while_read,
                 .message = std::move(message),
                 .file = path_,
                 .offset = offset,
                 .hint = "is a download or a training run still writing it?"};
  }

  std::string path_;
  int descriptor_;
  FileState opened_;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_local_file(const std::string& path) {
  if (path.find('\0') != std::string::npos) {
    return Error{
        .code = ErrorCode::invalid_argument, .message = "a path cannot hold a NUL", .file = path};
  }
  // O_NONBLOCK: opening a named pipe must not wait for a writer. It changes nothing for regular
  // files.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return system_error(path, "open", errno);
  struct stat status{};
  const int failure = ::fstat(descriptor, &status) == 0 ? 0 : errno;
  if (failure != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    if (failure != 0) return system_error(path, "examine", failure);
    return Error{
        .code = ErrorCode::invalid_argument, .message = "not a regular file", .file = path};
  }
  return std::unique_ptr<ByteSource>(std::make_unique<LocalFile>(path, descriptor, status));
}

}  // namespace prov::source
