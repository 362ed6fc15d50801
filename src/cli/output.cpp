#include "cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <system_error>
#include <utility>

namespace prov::cli {
namespace {

namespace fs = std::filesystem;

std::string errno_text(int number) { return std::generic_category().message(number); }

Error write_error(const fs::path& path, int number) {
  return {.code = ErrorCode::io,
          .message = fmt::format("cannot write: {}", errno_text(number)),
          .file = path.string()};
}

// 0 or an errno value.
int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      // Somebody set the shared descriptor to non-blocking.
      pollfd waiting{.fd = file, .events = POLLOUT, .revents = 0};
      poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

/// A new file beside its target, which it replaces on commit(); removed again where that does not
/// happen.
class Replacement {
 public:
  explicit Replacement(const fs::path& target) : target_(target) {
    // Not mkstemp: the mode shall follow the umask, as for any new file.
    for (int attempt = 0; attempt < 100 && file_ < 0; ++attempt) {
      name_ = target.parent_path() / fmt::format(".provenancekit-{}-{}", getpid(), attempt);
      file_ = open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (file_ < 0 && errno != EEXIST) break;
    }
    if (file_ < 0) error_ = errno;
  }
  ~Replacement() {
    if (file_ >= 0) close(file_);
    if (!name_.empty() && error_ == 0 && !committed_) unlink(name_.c_str());
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  // Each gives 0 or an errno value.
  int write(std::string_view text) { return error_ != 0 ? error_ : write_all(file_, text); }
  int commit() {
    struct stat old{};
    if (stat(target_.c_str(), &old) == 0 && fchmod(file_, old.st_mode & 07777) != 0) return errno;
    if (fsync(file_) != 0) return errno;
    if (close(std::exchange(file_, -1)) != 0) return errno;
    if (rename(name_.c_str(), target_.c_str()) != 0) return errno;
    committed_ = true;
    return 0;
  }

 private:
  fs::path target_, name_;
  int file_ = -1;
  int error_ = 0;
  bool committed_ = false;
};

int write_directly(const fs::path& path, std::string_view text) {
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return errno;
  const int error = write_all(file, text);
  return close(file) != 0 && error == 0 ? errno : error;
}

}  // namespace

void prepare_standard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  for (int stream = 0; stream <= 2; ++stream) {
    if (fcntl(stream, F_GETFD) != -1) continue;
    // The wrong direction on purpose: using the closed stream stays an error.
    const int file = open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY);
    if (file > 2) close(file);
  }
}

Result<void> write_standard_output(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error != 0 && error != EPIPE) return write_error("standard output", error);
  return {};
}

void write_standard_error(std::string_view text) { write_all(STDERR_FILENO, text); }

Result<void> check_folder(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  return Error{.code = ErrorCode::not_found, .message = "no such folder", .file = folder.string()};
}

Result<void> write_file(const fs::path& path, std::string_view text) {
  std::error_code error;
  fs::path target = fs::weakly_canonical(path, error);  // a link is followed, not replaced
  if (error) target = path;
  const bool is_special = fs::exists(target, error) && !fs::is_regular_file(target, error);
  int failure = 0;
  if (is_special) {
    failure = write_directly(target, text);
  } else {
    Replacement replacement(target);
    failure = replacement.write(text);
    if (failure == 0) failure = replacement.commit();
  }
  if (failure != 0) return write_error(path, failure);
  return {};
}

}  // namespace prov::cli
