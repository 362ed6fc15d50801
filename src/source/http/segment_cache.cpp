#include "source/http/segment_cache.hpp"

#include <algorithm>
#include <utility>

namespace prov::source {

const std::vector<std::byte>* SegmentCache::find(const ByteRange& range,
                                                 std::uint64_t& begin) const {
  auto piece = pieces_.upper_bound(range.begin);
  if (piece == pieces_.begin()) return nullptr;
  --piece;
  if (piece->first + piece->second.size() < range.end()) return nullptr;
  begin = piece->first;
  return &piece->second;
}

bool SegmentCache::read(std::uint64_t offset, std::span<std::byte> out) const {
  const std::lock_guard lock(mutex_);
  std::uint64_t begin = 0;
  const std::vector<std::byte>* piece = find({offset, out.size()}, begin);
  if (piece == nullptr) return false;
  std::copy_n(piece->begin() + static_cast<std::ptrdiff_t>(offset - begin), out.size(),
              out.begin());
  return true;
}

bool SegmentCache::holds(const ByteRange& range) const {
  const std::lock_guard lock(mutex_);
  std::uint64_t begin = 0;
  return find(range, begin) != nullptr;
}

void SegmentCache::add(std::uint64_t offset, std::vector<std::byte> bytes) {
  const std::lock_guard lock(mutex_);
  const ByteRange added{offset, bytes.size()};
  std::uint64_t begin = 0;
  if (bytes.empty() || find(added, begin) != nullptr) return;
  // No piece lies inside another: then the last one that begins before a place reaches farthest.
  for (auto piece = pieces_.lower_bound(offset);
       piece != pieces_.end() && piece->first + piece->second.size() <= added.end();) {
    bytes_ -= piece->second.size();
    std::erase(oldest_, piece->first);
    piece = pieces_.erase(piece);
  }
  bytes_ += bytes.size();
  pieces_.emplace(offset, std::move(bytes));
  oldest_.push_back(offset);
  while (bytes_ > most_bytes_ && oldest_.size() > 1) {
    const auto old = pieces_.find(oldest_.front());
    oldest_.pop_front();
    bytes_ -= old->second.size();
    pieces_.erase(old);
  }
}

}  // namespace prov::source
