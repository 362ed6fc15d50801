#include "search/code_candidates.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "store/code_blocks.hpp"

namespace prov::search {
namespace {

/// Bytes of codes that are gathered before they are compared: few enough to stay in the cache.
constexpr std::size_t kGathered = 64 * 1024;
/// Below this many records a second connection costs more than it saves.
constexpr std::int64_t kFewestForThreads = 20'000;

class Gatherer {
 public:
  Gatherer(std::span<const std::uint64_t> code, std::size_t capacity)
      : words_(code.size()), nearest_(code, capacity) {
    const std::size_t room = std::max<std::size_t>(1, kGathered / (words_ * sizeof(std::uint64_t)));
    keys_.resize(room);
    codes_.resize(room * words_);
  }

  void add(std::int64_t key, std::span<const std::byte> code) {
    if (code.size() != words_ * sizeof(std::uint64_t)) return;
    keys_[count_] = static_cast<std::uint64_t>(key);
    std::memcpy(codes_.data() + count_ * words_, code.data(), code.size());
    if (++count_ == keys_.size()) flush();
  }

  const NearestCodes& finish() {
    flush();
    return nearest_;
  }

 private:
  void flush() {
    nearest_.offer(std::span(keys_).first(count_), std::span(codes_).first(count_ * words_));
    count_ = 0;
  }

  std::size_t words_;
  NearestCodes nearest_;
  std::vector<std::uint64_t> keys_, codes_;
  std::size_t count_ = 0;
};

Result<NearestCodes> scan(const store::Store& store, std::int64_t first, std::int64_t last,
                          std::span<const std::uint64_t> code, std::size_t capacity) {
  Gatherer gatherer(code, capacity);
  PROV_CHECK(store::visit_codes(
      store.database(), first, last,
      [&](std::int64_t key, std::span<const std::byte> c) { gatherer.add(key, c); }));
  return gatherer.finish();
}

}  // namespace

Result<std::vector<CodeMatch>> find_by_code(const store::Store& store,
                                            std::span<const std::uint64_t> code,
                                            std::size_t capacity, std::size_t workers) {
  NearestCodes nearest(code, capacity);
  if (code.empty()) return nearest.matches();
  PROV_TRY(const std::int64_t last, store.last_key());
  const std::size_t parts = last < kFewestForThreads ? 1 : std::max<std::size_t>(workers, 1);
  std::vector<std::optional<Result<NearestCodes>>> found(parts);
  base::parallel_for(parts, parts, [&](std::size_t part) {
    const auto bound = [&](std::size_t i) {
      return last / static_cast<std::int64_t>(parts) * static_cast<std::int64_t>(i);
    };
    const std::int64_t end = part + 1 == parts ? last : bound(part + 1);
    if (part == 0) {
      found[part] = scan(store, 1, end, code, capacity);
      return;
    }
    const Result<store::Store> own = store::Store::open(store.database().name(), store::Mode::read);
    found[part] = own ? scan(*own, bound(part) + 1, end, code, capacity) : own.error();
  });
  for (const std::optional<Result<NearestCodes>>& part : found) {
    if (!*part) return part->error();
    nearest.merge(**part);
  }
  return nearest.matches();
}

}  // namespace prov::search
