// Records on disk: one SQLite file (docs/database.md). Nothing is believed because it is stored: a
// record whose digests do not hold is an error that names it, and the others can still be read.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.hpp"
#include "store/record.hpp"

namespace prov::store {

/// Which records; an empty text asks for nothing.
struct RecordFilter {
  std::string publisher, family;  // exact
};

/// Not thread-safe: one Store a thread. Any number of them, in any number of processes, may use one
/// file; a reader sees one state of it and waits for nobody, writers wait for each other (30 s,
/// then io).
class Store {
 public:
  /// `create` makes the file where there is none, in one step: no other process sees half of it.
  /// `write` and `create` bring an old schema up to date. Errors: not_found, io, malformed (not a
  /// database of ours, altered or damaged), unsupported (from a newer version).
  static Result<Store> open(const std::filesystem::path& path, Mode mode);

  const Database& database() const { return *database_; }

  Result<std::uint64_t> count() const;
  /// The whole record; nothing where there is none. Error malformed, naming it, where it is
  /// damaged.
  Result<std::optional<Record>> find(std::string_view id) const;
  Result<Record> read(std::int64_t key) const;
  Result<RecordSummary> summary(std::int64_t key) const;
  /// Nothing where there is none.
  Result<std::optional<std::int64_t>> key_of(std::string_view id) const;
  /// Ascending by name, the words among them.
  Result<std::vector<PartSummary>> parts(std::int64_t key) const;
  /// Nothing where the record has no such part.
  Result<std::optional<std::vector<std::byte>>> part(std::int64_t key, std::string_view name) const;
  /// Keys of the records of these weights, ascending.
  Result<std::vector<std::int64_t>> keys_of_content(std::string_view content_key) const;

  /// Ascending by id, one at a time: memory does not grow with their number. A damaged record is
  /// given as its error; false ends the visit.
  using RecordVisitor = std::function<Result<bool>(const Result<RecordSummary>& record)>;
  Result<void> for_each(const RecordFilter& filter, const RecordVisitor& visit) const;
  /// One part of all records that have it, ascending by key. The bytes live during the call; a
  /// damaged part is given as its error.
  using PartVisitor = std::function<Result<bool>(std::int64_t key,
                                                 const Result<std::span<const std::byte>>& bytes)>;
  Result<void> for_each_part(std::string_view name, const PartVisitor& visit) const;

  /// Keys of the records that have this part, ascending. Reads an index alone.
  Result<std::vector<std::int64_t>> keys_of_part(std::string_view name) const;

  /// The largest key that was given, 0 for none.
  Result<std::int64_t> last_key() const;

  /// A fact about the database; nothing where it is not there. Error malformed where it is damaged.
  Result<std::optional<std::string>> fact(std::string_view name) const;
  Result<void> set_fact(std::string_view name, std::string_view value) const;
  Result<void> remove_facts(std::string_view prefix) const;
  /// Name and value of all whose name begins with `prefix`, ascending.
  Result<std::vector<std::pair<std::string, std::string>>> facts(std::string_view prefix) const;

 private:
  explicit Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}
  std::unique_ptr<Database> database_;
};

/// True where the database at `path` and its folder may be changed by this process. Changes
/// nothing.
bool can_be_written(const std::filesystem::path& path);

}  // namespace prov::store
