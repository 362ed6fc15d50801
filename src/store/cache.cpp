#include "store/cache.hpp"

#include <system_error>
#include <utility>

#include "base/try.hpp"
#include "store/new_file.hpp"
#include "store/record_rows.hpp"

namespace prov::store {

namespace fs = std::filesystem;

namespace {

/// Gives the room of what was removed back to the disk, that of the log included.
constexpr std::string_view kShrink = "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)";

}  // namespace

Result<Cache> Cache::open(const fs::path& folder, std::uint64_t limit) {
  const fs::path path = folder / kCacheFile;
  Result<Store> store = Store::open(path, Mode::create);
  if (!store && store.error().code == ErrorCode::malformed) {
    remove_made(path);
    store = Store::open(path, Mode::create);
  }
  if (!store && store.error().code == ErrorCode::io) {
    // What others keep can be read where it cannot be written.
    if (Result<Store> kept = Store::open(path, Mode::read)) store = std::move(kept);
  }
  if (!store) return store.error();
  // After a loss of power the newest entries may be missing; that is fast, and no harm.
  PROV_CHECK(store->database().run("PRAGMA synchronous = NORMAL"));
  // Nobody waits long for what can be computed.
  PROV_CHECK(store->database().run("PRAGMA busy_timeout = 1000"));
  return Cache(*std::move(store), limit);
}

Result<std::optional<std::vector<std::byte>>> Cache::find(std::string_view key,
                                                          std::string_view kind) {
  std::vector<std::byte> bytes;
  {
    PROV_TRY(Statement select, store_.database().prepare(
                                   "SELECT sha256, bytes FROM cache WHERE key = ?1 AND kind = ?2"));
    PROV_TRY(const bool row, select.bind(1, key).bind(2, kind).step());
    if (!row) return std::optional<std::vector<std::byte>>();
    const std::span<const std::byte> stored = select.bytes(1);
    if (is_digest_of(select.bytes(0), stored)) {
      bytes.assign(stored.begin(), stored.end());
      select.reset();
      const Result<void> marked = mark_used(key, kind);
      static_cast<void>(marked);  // the order of removal suffers, nothing else
      return std::optional(std::move(bytes));
    }
  }
  PROV_TRY(Statement remove,
           store_.database().prepare("DELETE FROM cache WHERE key = ?1 AND kind = ?2"));
  PROV_CHECK(remove.bind(1, key).bind(2, kind).run());
  return std::optional<std::vector<std::byte>>();
}

Result<void> Cache::mark_used(std::string_view key, std::string_view kind) {
  // All that is kept of a model counts as used: nothing is written, and nothing waits for the disk,
  // while one model is asked for again and again.
  PROV_TRY(Statement update,
           store_.database().prepare(
               "UPDATE cache SET used = (SELECT max(used) FROM cache) + 1 WHERE key = ?1 AND "
               "(SELECT used FROM cache WHERE key = ?1 AND kind = ?2) < (SELECT max(used) FROM "
               "cache)"));
  return update.bind(1, key).bind(2, kind).run();
}

Result<void> Cache::put(std::string_view key, std::string_view kind,
                        std::span<const std::byte> bytes) {
  if (bytes.size() > limit_ || bytes.size() > kLargestPart) return {};
  PROV_TRY(Transaction transaction,
           Transaction::begin(store_.database(), Transaction::Kind::write));
  PROV_TRY(Statement remove,
           store_.database().prepare("DELETE FROM cache WHERE key = ?1 AND kind = ?2"));
  PROV_CHECK(remove.bind(1, key).bind(2, kind).run());
  PROV_CHECK(remove_oldest(limit_ - bytes.size()));
  PROV_TRY(Statement insert,
           store_.database().prepare("INSERT INTO cache VALUES (?1, ?2, (SELECT "
                                     "coalesce(max(used), 0) FROM cache) + 1, ?3, ?4, ?5)"));
  const base::Sha256Digest digest = base::sha256(bytes);
  PROV_CHECK(insert.bind(1, key)
                 .bind(2, kind)
                 .bind(3, static_cast<std::int64_t>(bytes.size()))
                 .bind(4, digest)
                 .bind(5, bytes)
                 .run());
  return transaction.commit();
}

Result<std::uint64_t> Cache::remove_oldest(std::uint64_t limit) {
  const Database& database = store_.database();
  PROV_TRY(std::int64_t left, database.number("SELECT coalesce(sum(size), 0) FROM cache"));
  PROV_TRY(Statement oldest,
           database.prepare("SELECT rowid, size FROM cache ORDER BY used LIMIT 1"));
  PROV_TRY(Statement remove, database.prepare("DELETE FROM cache WHERE rowid = ?1"));
  std::uint64_t removed = 0;
  while (left > 0 && static_cast<std::uint64_t>(left) > limit) {
    PROV_TRY(const bool row, oldest.step());
    if (!row) break;
    const std::int64_t entry = oldest.number(0);
    left -= oldest.number(1);
    oldest.reset();
    PROV_CHECK(remove.bind(1, entry).run());
    ++removed;
  }
  return removed;
}

Result<std::uint64_t> Cache::prune(std::uint64_t limit) {
  PROV_TRY(Transaction transaction,
           Transaction::begin(store_.database(), Transaction::Kind::write));
  PROV_TRY(const std::uint64_t removed, remove_oldest(limit));
  PROV_CHECK(transaction.commit());
  if (removed > 0) PROV_CHECK(store_.database().run(kShrink));
  return removed;
}

Result<std::uint64_t> Cache::clear() {
  PROV_TRY(const std::int64_t entries, store_.database().number("SELECT count(*) FROM cache"));
  PROV_CHECK(store_.database().run("DELETE FROM cache"));
  PROV_CHECK(store_.database().run(kShrink));
  return static_cast<std::uint64_t>(entries);
}

Result<CacheInfo> Cache::info() const {
  const Database& database = store_.database();
  PROV_TRY(const std::int64_t entries, database.number("SELECT count(*) FROM cache"));
  PROV_TRY(const std::int64_t bytes, database.number("SELECT coalesce(sum(size), 0) FROM cache"));
  CacheInfo info{static_cast<std::uint64_t>(entries), static_cast<std::uint64_t>(bytes), 0};
  for (const char* ending : {"", "-wal"}) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(database.name() + ending, error);
    if (!error) info.file_bytes += size;
  }
  return info;
}

}  // namespace prov::store
