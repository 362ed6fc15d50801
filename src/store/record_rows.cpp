#include "store/record_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "store/code_blocks.hpp"
#include "store/shared_pieces.hpp"

namespace prov::store {
namespace {

// False where `bytes` are no digest.
bool read_digest(std::span<const std::byte> bytes, base::Sha256Digest& digest) {
  if (bytes.size() != digest.size()) return false;
  std::ranges::copy(bytes, digest.begin());
  return true;
}

}  // namespace

Error damaged(const Database& database, std::string_view id, std::string_view what) {
  return {.code = ErrorCode::malformed,
          .message = fmt::format("the record \"{}\" is damaged: {}", id, what),
          .file = database.name(),
          .field = std::string(id),
          .hint = "remove it and add it again; the other records can be used"};
}

bool is_digest_of(std::span<const std::byte> digest, std::span<const std::byte> bytes) {
  return std::ranges::equal(digest, base::sha256(bytes));
}

Result<RecordRows> RecordRows::prepare(const Database& database) {
  PROV_TRY(Statement summary,
           database.prepare("SELECT id, publisher, family, architecture, source, revision, "
                            "licence, content_key, has_weights, word_count, parts_sha256, sha256, "
                            "metadata FROM model WHERE key = ?1"));
  PROV_TRY(Statement parts, database.prepare("SELECT name, size, sha256 FROM part WHERE model = ?1 "
                                             "ORDER BY name"));
  PROV_TRY(Statement bytes,
           database.prepare("SELECT bytes, pieces FROM part WHERE model = ?1 AND name = ?2"));
  return RecordRows(database, std::move(summary), std::move(parts), std::move(bytes));
}

Result<RecordSummary> RecordRows::summary(std::int64_t key) {
  const Result<bool> row = summary_.bind(1, key).step();
  if (!row) {
    Error error = row.error();
    error.field = fmt::format("record {}", key);
    return error;
  }
  if (!*row) {
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("no record has the number {}", key),
                 .file = database_->name()};
  }
  RecordSummary record;
  record.id = summary_.text(0);
  record.publisher = summary_.text(1);
  record.family = summary_.text(2);
  record.architecture = summary_.text(3);
  record.source = summary_.text(4);
  record.revision = summary_.text(5);
  record.licence = summary_.text(6);
  record.content_key = summary_.text(7);
  record.has_weights = summary_.number(8) != 0;
  record.key = key;
  record.word_count = static_cast<std::uint64_t>(summary_.number(9));
  const bool digests = read_digest(summary_.bytes(10), record.parts_sha256) &&
                       read_digest(summary_.bytes(11), record.sha256);
  record.metadata_json = summary_.text(12);
  summary_.reset();
  if (!digests || digest_of_record(record) != record.sha256)
    return damaged(*database_, record.id, "its facts are not what was stored");
  return record;
}

Result<std::vector<PartSummary>> RecordRows::parts(const RecordSummary& record) {
  std::vector<PartSummary> parts;
  parts_.bind(1, record.key);
  for (;;) {
    const Result<bool> row = parts_.step();
    if (!row) return damaged(*database_, record.id, row.error().message);
    if (!*row) break;
    PartSummary part{.name = std::string(parts_.text(0)),
                     .size = static_cast<std::uint64_t>(parts_.number(1))};
    if (parts.size() > kMostParts || !read_digest(parts_.bytes(2), part.sha256)) {
      parts_.reset();
      return damaged(*database_, record.id, "its list of parts");
    }
    parts.push_back(std::move(part));
  }
  if (digest_of_parts(parts) != record.parts_sha256)
    return damaged(*database_, record.id, "its list of parts");
  return parts;
}

Result<std::vector<std::byte>> RecordRows::bytes(const RecordSummary& record,
                                                 const PartSummary& part) {
  Result<std::vector<std::byte>> bytes = unchecked_bytes(record.key, part.name);
  if (!bytes) return damaged(*database_, record.id, part.name + ": " + bytes.error().message);
  if (base::sha256(*bytes) != part.sha256)
    return damaged(*database_, record.id, part.name + " is not what was stored");
  return bytes;
}

Result<std::optional<std::vector<std::byte>>> RecordRows::part(const RecordSummary& record,
                                                               std::string_view name) {
  PROV_TRY(const std::vector<PartSummary> of_record, parts(record));
  const auto found = std::ranges::find(of_record, name, &PartSummary::name);
  if (found == of_record.end()) return std::optional<std::vector<std::byte>>();
  PROV_TRY(std::vector<std::byte> found_bytes, bytes(record, *found));
  return std::optional(std::move(found_bytes));
}

Result<std::vector<std::byte>> RecordRows::unchecked_bytes(std::int64_t key,
                                                           std::string_view part) {
  PROV_TRY(const bool row, bytes_.bind(1, key).bind(2, part).step());
  if (!row) {
    return Error{
        .code = ErrorCode::not_found, .message = "it is missing", .file = database_->name()};
  }
  const auto copy = [&](int column) {
    const std::span<const std::byte> stored = bytes_.bytes(column);
    return std::vector<std::byte>(stored.begin(), stored.end());
  };
  std::vector<std::byte> bytes = copy(0);
  const std::vector<std::byte> pieces = copy(1);
  bytes_.reset();
  if (pieces.empty()) return bytes;

  std::vector<std::byte> words;
  PROV_TRY(const bool has_words, bytes_.bind(1, key).bind(2, kWordsPart).step());
  if (has_words) words = copy(0);
  bytes_.reset();
  PROV_TRY(const std::vector<std::byte> code, read_code(*database_, key));
  std::optional<std::vector<std::byte>> whole = put_back(bytes, pieces, words, code);
  if (whole) return *std::move(whole);
  return Error{
      .code = ErrorCode::malformed, .message = "its pieces do not fit", .file = database_->name()};
}

Result<Record> RecordRows::record(const RecordSummary& summary) {
  Record record;
  static_cast<RecordFields&>(record) = summary;
  PROV_TRY(const std::vector<PartSummary> list, parts(summary));
  for (const PartSummary& part : list) {
    PROV_TRY(std::vector<std::byte> content, bytes(summary, part));
    if (part.name != kWordsPart) {
      record.parts.emplace(part.name, std::move(content));
      continue;
    }
    Result<std::vector<std::uint64_t>> words = decode_words(content);
    if (!words) return damaged(*database_, summary.id, words.error().message);
    record.words = *std::move(words);
  }
  if (record.words.size() != summary.word_count)
    return damaged(*database_, summary.id, "its number of words");
  return record;
}

}  // namespace prov::store
