#include "store/new_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

#include "base/try.hpp"
#include "provenancekit/version.hpp"
#include "store/record.hpp"
#include "store/schema.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;

Error failed(const fs::path& path, int number) {
  return {
      .code = ErrorCode::io,
      .message = fmt::format("cannot make a database: {}", std::generic_category().message(number)),
      .file = path.string()};
}

// Name of a file beside `path` that no other process or thread uses.
fs::path other_name(const fs::path& path) {
  static std::atomic<unsigned> serial = 0;
  return fmt::format("{}.new-{}-{}", path.string(), getpid(), serial++);
}

Result<void> write_empty_database(const fs::path& path) {
  PROV_TRY(const std::unique_ptr<Database> database, Database::open(path, Mode::create));
  {
    PROV_TRY(Transaction transaction, Transaction::begin(*database, Transaction::Kind::write));
    PROV_CHECK(migrate(*database));
    const std::string_view value = kVersion;
    PROV_TRY(Statement insert, database->prepare("INSERT INTO meta VALUES ('made_by', ?1, ?2)"));
    const base::Sha256Digest digest = digest_of_fact("made_by", value);
    PROV_CHECK(insert.bind(1, value).bind(2, digest).run());
    PROV_CHECK(transaction.commit());
  }
  return database->run("PRAGMA journal_mode = WAL");
}

// 0 or an errno value. A file system without hard links has rename alone, which could put the new
// file in the place of another one that was made in the same moment: both are empty.
int put_in_place(const fs::path& made, const fs::path& path) {
  if (link(made.c_str(), path.c_str()) == 0 || errno == EEXIST) return 0;
  if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS) return errno;
  return rename(made.c_str(), path.c_str()) == 0 ? 0 : errno;
}

void flush_folder(const fs::path& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  fsync(file);
  close(file);
}

}  // namespace

Result<void> make_new_file(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return failed(folder, error.value());

  const fs::path made = other_name(path);
  const Result<void> written = write_empty_database(made);
  const int failure = written ? put_in_place(made, path) : 0;
  for (const char* ending : {"", "-wal", "-shm", "-journal"})
    unlink((made.string() + ending).c_str());
  if (!written) {
    Error problem = written.error();
    problem.file = path.string();
    return problem;
  }
  if (failure != 0) return failed(path, failure);
  flush_folder(folder);
  return {};
}

}  // namespace prov::store
