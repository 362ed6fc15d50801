#include "provenancekit/feature_cache.hpp"

#include <mutex>
#include <utility>

#include "base/try.hpp"
#include "store/cache.hpp"

namespace prov {
namespace {

class CacheFolder : public FeatureCache {
 public:
  explicit CacheFolder(store::Cache cache) : cache_(std::move(cache)) {}

  std::optional<std::vector<std::byte>> find(std::string_view key, std::string_view kind) override {
    const std::scoped_lock lock(mutex_);
    Result<std::optional<std::vector<std::byte>>> found = cache_.find(key, kind);
    return found ? *std::move(found) : std::nullopt;
  }

  void put(std::string_view key, std::string_view kind, std::span<const std::byte> bytes) override {
    const std::scoped_lock lock(mutex_);
    const Result<void> kept = cache_.put(key, kind, bytes);
    static_cast<void>(kept);  // a full disk, a folder that became read-only: not kept
  }

 private:
  std::mutex mutex_;
  store::Cache cache_;
};

}  // namespace

Result<std::unique_ptr<FeatureCache>> open_feature_cache(const std::string& folder) {
  PROV_TRY(store::Cache cache, store::Cache::open(folder));
  return std::unique_ptr<FeatureCache>(std::make_unique<CacheFolder>(std::move(cache)));
}

}  // namespace prov
