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

void flush_folder(const fs::path& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  fsync(file);
  close(file);
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

fs::path name_beside(const fs::path& path) {
  static std::atomic<unsigned> serial = 0;
  return fmt::format("{}.new-{}-{}", path.string(), getpid(), serial++);
}

void remove_made(const fs::path& made) {
  for (const char* ending : {"", "-wal", "-shm", "-journal"})
    unlink((made.string() + ending).c_str());
}

Result<void> put_in_place(const fs::path& made, const fs::path& path, IfThere if_there) {
  int failure = link(made.c_str(), path.c_str()) == 0 ? 0 : errno;
  // A file system without hard links has rename alone, which could replace a file that was made in
  // the same moment.
  if (failure == EPERM || failure == ENOTSUP || failure == ENOSYS)
    failure = rename(made.c_str(), path.c_str()) == 0 ? 0 : errno;
  remove_made(made);
  if (failure == EEXIST && if_there == IfThere::keep) return {};
  if (failure == EEXIST) {
    return Error{
        .code = ErrorCode::duplicate, .message = "the file exists already", .file = path.string()};
  }
  if (failure != 0) return failed(path, failure);
  flush_folder(folder_of(path));
  return {};
}

Result<void> make_new_file(const fs::path& path) {
  std::error_code error;
  fs::create_directories(folder_of(path), error);
  if (error) return failed(folder_of(path), error.value());
  const fs::path made = name_beside(path);
  if (const Result<void> written = write_empty_database(made); !written) {
    remove_made(made);
    Error problem = written.error();
    problem.file = path.string();
    return problem;
  }
  return put_in_place(made, path, IfThere::keep);
}

}  // namespace prov::store
