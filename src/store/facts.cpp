// Facts about the database as a whole.
#include <algorithm>

#include "base/try.hpp"
#include "store/store.hpp"

namespace prov::store {
namespace {

Error damaged_fact(const Database& database, std::string_view name) {
  return {.code = ErrorCode::malformed,
          .message = "a fact about the database is damaged",
          .file = database.name(),
          .field = std::string(name)};
}

}  // namespace

Result<std::optional<std::string>> Store::fact(std::string_view name) const {
  PROV_TRY(Statement select, database_->prepare("SELECT value, sha256 FROM meta WHERE name = ?1"));
  PROV_TRY(const bool row, select.bind(1, name).step());
  if (!row) return std::optional<std::string>();
  const std::string value(select.text(0));
  if (!std::ranges::equal(select.bytes(1), digest_of_fact(name, value)))
    return damaged_fact(*database_, name);
  return std::optional(value);
}

Result<void> Store::set_fact(std::string_view name, std::string_view value) const {
  PROV_TRY(Statement insert,
           database_->prepare("INSERT INTO meta VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE "
                              "SET value = excluded.value, sha256 = excluded.sha256"));
  const base::Sha256Digest digest = digest_of_fact(name, value);
  return insert.bind(1, name).bind(2, value).bind(3, digest).run();
}

Result<void> Store::remove_facts(std::string_view prefix) const {
  PROV_TRY(Statement remove,
           database_->prepare("DELETE FROM meta WHERE substr(name, 1, length(?1)) = ?1"));
  return remove.bind(1, prefix).run();
}

Result<std::vector<std::pair<std::string, std::string>>> Store::facts(
    std::string_view prefix) const {
  PROV_TRY(Statement select,
           database_->prepare("SELECT name, value, sha256 FROM meta WHERE substr(name, 1, "
                              "length(?1)) = ?1 ORDER BY name"));
  select.bind(1, prefix);
  std::vector<std::pair<std::string, std::string>> found;
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return found;
    std::string name(select.text(0)), value(select.text(1));
    if (!std::ranges::equal(select.bytes(2), digest_of_fact(name, value)))
      return damaged_fact(*database_, name);
    found.emplace_back(std::move(name), std::move(value));
  }
}

}  // namespace prov::store
