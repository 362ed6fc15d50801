#include "store/describe.hpp"

#include <filesystem>
#include <system_error>

#include "base/try.hpp"
#include "store/seal.hpp"

namespace prov::store {
namespace {

constexpr std::string_view kNoticePrefix = "notice.";

std::uint64_t size_of_file(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

Result<void> count_parts(const Database& database, Description& description) {
  PROV_TRY(Statement select, database.prepare("SELECT name, count(*), sum(size) FROM part GROUP "
                                              "BY name ORDER BY name"));
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return {};
    description.parts.push_back({std::string(select.text(0)),
                                 static_cast<std::uint64_t>(select.number(1)),
                                 static_cast<std::uint64_t>(select.number(2))});
  }
}

Result<void> count_records(const Database& database, Description& description) {
  PROV_TRY(Statement select, database.prepare("SELECT count(*), coalesce(sum(has_weights), 0), "
                                              "count(DISTINCT nullif(publisher, '')), "
                                              "count(DISTINCT nullif(family, '')), "
                                              "count(DISTINCT nullif(architecture, '')), "
                                              "coalesce(sum(word_count), 0) FROM model"));
  PROV_CHECK(select.step());
  const auto column = [&](int at) { return static_cast<std::uint64_t>(select.number(at)); };
  description.records = column(0);
  description.with_weights = column(1);
  description.publishers = column(2);
  description.families = column(3);
  description.architectures = column(4);
  description.words = column(5);
  return {};
}

}  // namespace

Result<Description> describe(const Store& store) {
  const Database& database = store.database();
  PROV_TRY(const Transaction one_state, Transaction::begin(database, Transaction::Kind::read));
  Description description;
  description.path = database.name();
  PROV_TRY(const std::int64_t version, database.number("PRAGMA user_version"));
  description.schema_version = static_cast<int>(version);
  description.file_bytes = size_of_file(database.name());
  description.log_bytes = size_of_file(database.name() + "-wal");
  PROV_CHECK(count_records(database, description));
  PROV_CHECK(count_parts(database, description));
  PROV_TRY(const std::optional<std::string> made_by, store.fact("made_by"));
  description.made_by = made_by.value_or("");
  PROV_TRY(description.seal, store.fact(kSealDigest));
  PROV_TRY(const std::optional<std::string> signature, store.fact(kSealSignature));
  description.is_signed = signature.has_value();
  PROV_TRY(const auto notices, store.facts(kNoticePrefix));
  for (const auto& [name, text] : notices)
    description.notices.push_back(name.substr(kNoticePrefix.size()));
  return description;
}

}  // namespace prov::store
