#include "store/database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/sha256.hpp"
#include "base/try.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;

constexpr int kWaitMilliseconds = 30'000;         // for another writer
constexpr int kLongestValue = 256 * 1024 * 1024;  // bytes of one text or blob

// SQLite keeps its own copy; the bytes themselves are too long to be copied (see bind).
const auto kCopied = SQLITE_TRANSIENT;  // NOLINT

Error busy() {
  return {.code = ErrorCode::io,
          .message = "another process is using the database",
          .hint = "try again when it is done"};
}

// `text` as the path of a file: URI.
std::string percent_encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      fmt::format_to(std::back_inserter(encoded), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

void set_up(sqlite3* connection) {
  for (const auto& [option, value] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                      {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                      {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
                                      {SQLITE_DBCONFIG_DQS_DDL, 0},
                                      {SQLITE_DBCONFIG_DQS_DML, 0},
                                      {SQLITE_DBCONFIG_ENABLE_FKEY, 1}}) {
    sqlite3_db_config(connection, option, value, nullptr);
  }
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, kLongestValue);
  sqlite3_busy_timeout(connection, kWaitMilliseconds);
}

// Readers of a write-ahead log leave marks beside it. True where they cannot, because the folder of
// `path` is read-only, and the log is empty: then the file alone is the database.
bool stands_alone(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) == 0) return false;
  std::error_code error;
  const auto size = fs::file_size(path.string() + "-wal", error);
  return error ? error == std::errc::no_such_file_or_directory : size == 0;
}

// A rollback journal may name a second file, which SQLite then deletes: a stranger's names any file
// of the user. Ours never do. The name stands at the end, before eight known bytes
// (https://www.sqlite.org/fileformat.html, "the rollback journal").
bool names_another_file(const fs::path& journal) {
  constexpr std::array<char, 8> kMagic = {'\xd9', '\xd5', '\x05', '\xf9',
                                          '\x20', '\xa1', '\x63', '\xd7'};
  std::ifstream file(journal, std::ios::binary);
  std::array<char, 8> end{};
  file.seekg(-8, std::ios::end);
  return file.read(end.data(), end.size()) && end == kMagic;
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      failure_(other.failure_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(database_, other.database_);
  std::swap(statement_, other.statement_);
  std::swap(failure_, other.failure_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(int parameter, std::int64_t number) {
  if (const int code = sqlite3_bind_int64(statement_, parameter, number)) failure_ = code;
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  const int code = sqlite3_bind_text64(statement_, parameter, text.empty() ? "" : text.data(),
                                       text.size(), kCopied, SQLITE_UTF8);
  if (code != SQLITE_OK) failure_ = code;
  return *this;
}

Statement& Statement::bind(int parameter, std::span<const std::byte> bytes) {
  // A null pointer would be NULL, not an empty blob.
  const void* data = bytes.empty() ? static_cast<const void*>("") : bytes.data();
  const int code = sqlite3_bind_blob64(statement_, parameter, data, bytes.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) failure_ = code;
  return *this;
}

Result<bool> Statement::step() {
  if (failure_ != 0) return database_->error(std::exchange(failure_, 0));
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  Error error = database_->error(code);
  reset();
  return error;
}

Result<void> Statement::run() {
  PROV_TRY(const bool row, step());
  if (row) reset();
  return {};
}

void Statement::reset() { sqlite3_reset(statement_); }

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::text(int column) const { return base::as_text(bytes(column)); }

std::span<const std::byte> Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  if (data == nullptr) return {};
  return {static_cast<const std::byte*>(data), size};
}

Database::~Database() { sqlite3_close_v2(connection_); }

Result<std::unique_ptr<Database>> Database::open_with(const fs::path& path, const std::string& uri,
                                                      int flags) {
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(uri.c_str(), &connection,
                                   flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (connection == nullptr) return Error{.code = ErrorCode::io, .message = "out of memory"};
  std::unique_ptr<Database> database(new Database(path.string(), connection));
  if (code != SQLITE_OK) return database->error(code);
  set_up(connection);
  // Cells that reach beyond their page are damage, not data.
  PROV_CHECK(database->run("PRAGMA cell_size_check = ON"));
  return database;
}

Result<std::unique_ptr<Database>> Database::open(const fs::path& path, Mode mode) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (!fs::exists(status) && mode != Mode::create) {
    return Error{.code = ErrorCode::not_found,
                 .message = "no such database",
                 .file = path.string(),
                 .hint = "provenancekit db init makes one"};
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "not a regular file",
                 .file = path.string()};
  }
  if (names_another_file(path.string() + "-journal")) {
    return Error{.code = ErrorCode::malformed,
                 .message = "a journal beside the database wants to delete another file",
                 .file = path.string() + "-journal",
                 .hint = "an attack; keep the database away from it, and look where it came from"};
  }
  if (mode != Mode::read) {
    const int create = mode == Mode::create ? SQLITE_OPEN_CREATE : 0;
    PROV_TRY(std::unique_ptr<Database> database,
             open_with(path, path.string(), SQLITE_OPEN_READWRITE | create));
    // Committed means: on the disk. The index of words grows everywhere at once: with SQLite's own
    // 2 MB of memory, most of its pages would be read again for each batch.
    PROV_CHECK(database->run(
        "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA secure_delete = FAST"));
    return database;
  }
  // Opened for writing where that is allowed, and then kept from it: a reader that may not write
  // would leave an empty log behind, and could not take up the one of a writer that was killed.
  PROV_TRY(std::unique_ptr<Database> database,
           open_with(path, path.string(), SQLITE_OPEN_READWRITE));
  PROV_CHECK(database->run("PRAGMA query_only = ON"));
  const Result<std::int64_t> first_read = database->number("PRAGMA schema_version");
  if (first_read) return database;
  if (first_read.error().code != ErrorCode::io || !stands_alone(path)) return first_read.error();
  const std::string uri = "file:" + percent_encoded(fs::absolute(path).string()) + "?immutable=1";
  PROV_TRY(database, open_with(path, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI));
  PROV_CHECK(database->number("PRAGMA schema_version"));
  database->immutable_ = true;
  return database;
}

Result<std::unique_ptr<Database>> Database::in_memory() {
  return open_with(":memory:", ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY);
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(connection_, sql.data(), static_cast<int>(sql.size()),
                                      &statement, nullptr);
  if (code != SQLITE_OK) return error(code);
  return Statement(*this, statement);
}

Result<void> Database::run(std::string_view sql) const {
  const int code = sqlite3_exec(connection_, std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return {};
}

Result<std::int64_t> Database::number(std::string_view sql) const {
  PROV_TRY(Statement statement, prepare(sql));
  PROV_TRY(const bool row, statement.step());
  return row ? statement.number(0) : 0;
}

std::int64_t Database::changed_rows() const { return sqlite3_changes64(connection_); }

std::int64_t Database::last_key() const { return sqlite3_last_insert_rowid(connection_); }

bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_) == 0; }

Error Database::error(int code) const {
  Error error{.code = ErrorCode::io, .message = sqlite3_errmsg(connection_), .file = name()};
  const auto say = [&](ErrorCode kind, std::string message, std::string hint) {
    error.code = kind;
    error.message = fmt::format("{} ({})", message, error.message);
    error.hint = std::move(hint);
  };
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: {
      Error waiting = busy();
      waiting.file = name();
      return waiting;
    }
    case SQLITE_FULL:
      say(ErrorCode::io, "the disk is full", "nothing of this change was kept; make room");
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      say(ErrorCode::io, "the database cannot be written", "is the file or its folder read-only?");
      break;
    case SQLITE_CANTOPEN:
      say(ErrorCode::io, "the database cannot be opened",
          "may the file be read, and its folder be written?");
      break;
    case SQLITE_IOERR:
      say(ErrorCode::io, "the file could not be read or written",
          "nothing of this change was kept; is the disk full or failing?");
      break;
    case SQLITE_NOTADB:
      say(ErrorCode::malformed, "not a database", "is this the right file?");
      break;
    case SQLITE_CORRUPT:
      say(ErrorCode::malformed, "the database is damaged",
          "go back to a copy (db export makes one), or build it anew");
      break;
    case SQLITE_TOOBIG:
      say(ErrorCode::too_large, "a value is too large", "");
      break;
    case SQLITE_CONSTRAINT:
      error.code = code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY
                       ? ErrorCode::duplicate
                       : ErrorCode::malformed;
      break;
    default:
      break;
  }
  return error;
}

Result<Transaction> Transaction::begin(const Database& database, Kind kind) {
  if (database.in_transaction()) return Transaction(nullptr);
  PROV_CHECK(database.run(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN"));
  return Transaction(&database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // SQLite itself rolls back after some errors; then there is nothing to end.
  if (database_ != nullptr && database_->in_transaction()) {
    const Result<void> ended = database_->run("ROLLBACK");
    static_cast<void>(ended);  // nobody to tell; the file is as it was
  }
}

Result<void> Transaction::commit() {
  if (database_ == nullptr) return {};
  PROV_CHECK(database_->run("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace prov::store
