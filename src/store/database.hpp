// SQLite behind values. Everything that touches its C interface is here: the rooms to the right see
// statements, rows and errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "provenancekit/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace prov::store {

class Database;

/// One prepared statement. Parameters and columns count from 1 and 0, as SQLite counts them. Lives
/// no longer than its Database.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// Parameters keep their value until they are bound again. What is bound is copied, but for
  /// bytes, which must live until the next reset() or run(). A failure is told by the next step().
  Statement& bind(int parameter, std::int64_t number);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, std::span<const std::byte> bytes);

  /// True: there is a row to read. False: done, and reset.
  Result<bool> step();
  /// For a statement without rows: all of it, and reset.
  Result<void> run();
  void reset();

  /// Of the current row; views are valid until the next step().
  std::int64_t number(int column) const;
  std::string_view text(int column) const;
  std::span<const std::byte> bytes(int column) const;

 private:
  friend class Database;
  Statement(const Database& database, sqlite3_stmt* statement)
      : database_(&database), statement_(statement) {}

  const Database* database_;
  sqlite3_stmt* statement_;
  int failure_ = 0;  // of a bind
};

enum class Mode {
  read,    // the file is not changed
  write,   // an existing file
  create,  // a new file, or an existing one
};

/// One connection to one file. Not thread-safe; any number of them, in any number of processes, may
/// use one file at once. What the file says is never trusted: no extension, view or trigger runs,
/// and its schema cannot be edited.
class Database {
 public:
  /// Errors: not_found, io, malformed (not a database, or damaged).
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& path, Mode mode);
  static Result<std::unique_ptr<Database>> in_memory();

  Database(const Database&) = delete;  // statements point to it
  Database& operator=(const Database&) = delete;
  ~Database();

  /// Path as the user knows it, or ":memory:".
  const std::string& name() const { return name_; }
  /// The file is only read and its folder cannot be written: changes made by others meanwhile are
  /// not seen.
  bool is_immutable() const { return immutable_; }

  Result<Statement> prepare(std::string_view sql) const;
  /// Runs statements without parameters, in order; the first failure ends it.
  Result<void> run(std::string_view sql) const;
  /// The one number that `sql` gives.
  Result<std::int64_t> number(std::string_view sql) const;
  /// Rows that the last statement changed.
  std::int64_t changed_rows() const;
  std::int64_t last_key() const;
  bool in_transaction() const;

  /// What went wrong last, as an Error in our words.
  Error error(int code) const;

 private:
  Database(std::string name, sqlite3* connection)
      : name_(std::move(name)), connection_(connection) {}
  static Result<std::unique_ptr<Database>> open_with(const std::filesystem::path& path,
                                                     const std::string& uri, int flags);

  std::string name_;
  sqlite3* connection_;
  bool immutable_ = false;
};

/// All or nothing: what is not committed never happened.
class Transaction {
 public:
  enum class Kind {
    read,   // one state of the file for several statements
    write,  // the only writer; waits for another one
  };
  /// Inside another transaction it is a part of that one.
  static Result<Transaction> begin(const Database& database, Kind kind);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(const Database* database) : database_(database) {}
  const Database* database_;  // null: nothing to end
};

}  // namespace prov::store
