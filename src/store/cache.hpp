// What was computed before, so that it need not be computed again. A cache may be lost or wrong in
// every byte: then it is as if it were empty.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"

namespace prov::store {

inline constexpr std::uint64_t kCacheLimit = std::uint64_t{2} << 30;  // bytes
inline constexpr std::string_view kCacheFile = "provenancekit-cache.db";

struct CacheInfo {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;       // of the entries
  std::uint64_t file_bytes = 0;  // on the disk, with what is free in the file
};

/// Not thread-safe: one object a thread; any number of processes may use one cache. Every error
/// here means "not cached": no reason for a command to fail.
class Cache {
 public:
  /// Opens or makes the cache in `folder`. Entries take at most `limit` bytes together: those used
  /// longest ago make room. A file that cannot be read as a cache is replaced by an empty one; of
  /// one that cannot be written the entries can be found, and nothing is added.
  static Result<Cache> open(const std::filesystem::path& folder, std::uint64_t limit = kCacheLimit);

  /// `key`: what it was computed from (source/checkpoint_key.hpp); `kind`: what, and by which
  /// version. Nothing where it is not there; a damaged entry is removed.
  Result<std::optional<std::vector<std::byte>>> find(std::string_view key, std::string_view kind);
  /// What is larger than the limit is not kept.
  Result<void> put(std::string_view key, std::string_view kind, std::span<const std::byte> bytes);

  Result<CacheInfo> info() const;
  /// Removes entries until the rest takes at most `limit` bytes; how many.
  Result<std::uint64_t> prune(std::uint64_t limit);
  /// Removes all entries and gives the disk back; how many there were.
  Result<std::uint64_t> clear();

 private:
  Cache(Store store, std::uint64_t limit) : store_(std::move(store)), limit_(limit) {}
  Result<void> mark_used(std::string_view key, std::string_view kind);
  Result<std::uint64_t> remove_oldest(std::uint64_t limit);

  Store store_;
  std::uint64_t limit_;
};

}  // namespace prov::store
