#include "search/nearest_codes.hpp"

#include <algorithm>
#include <limits>

#include "numeric/kernels/kernels.hpp"

namespace prov::search {
namespace {

/// Codes whose distances are taken at a time: they stay in L1 with what follows.
constexpr std::size_t kAtOnce = 1024;

/// Distances that are passed over together where none is near enough, which is nearly always so.
constexpr std::size_t kTogether = 32;
constexpr std::uint32_t kFar = std::numeric_limits<std::uint32_t>::max();

/// Never false where one of kTogether distances is at most `farthest`; quicker than to ask each.
bool may_be_near(const std::uint32_t* distances, std::uint32_t farthest) {
  constexpr std::uint32_t kSign = std::uint32_t{1} << 31;
  if (farthest >= kSign) return true;
  std::uint32_t below = 0;  // the sign of a difference says which number is larger
  for (std::size_t i = 0; i < kTogether; ++i) below |= distances[i] - (farthest + 1);
  return below >= kSign;
}

bool nearer(const CodeMatch& a, const CodeMatch& b) {
  return a.distance != b.distance ? a.distance < b.distance : a.id < b.id;
}

}  // namespace

NearestCodes::NearestCodes(std::span<const std::uint64_t> query, std::size_t capacity)
    : query_(query.begin(), query.end()), capacity_(capacity), distance_(kAtOnce) {}

void NearestCodes::offer(std::span<const std::uint64_t> ids, std::span<const std::uint64_t> codes) {
  const std::size_t words = query_.size();
  for (std::size_t first = 0; first < ids.size(); first += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, ids.size() - first);
    numeric::kernels().bit_distances(query_.data(), codes.data() + first * words, count, words,
                                     distance_.data());
    std::fill(distance_.begin() + static_cast<std::ptrdiff_t>(count), distance_.end(), kFar);
    for (std::size_t i = 0; i < count; i += kTogether) {
      if (!may_be_near(distance_.data() + i, farthest_)) continue;
      for (std::size_t j = i; j < std::min(i + kTogether, count); ++j) {
        if (distance_[j] <= farthest_) keep({ids[first + j], distance_[j]});
      }
    }
  }
}

void NearestCodes::merge(const NearestCodes& other) {
  for (const CodeMatch& match : other.heap_) keep(match);
}

void NearestCodes::keep(CodeMatch match) {
  if (capacity_ == 0) return;
  if (heap_.size() == capacity_) {
    if (!nearer(match, heap_.front())) return;
    std::ranges::pop_heap(heap_, nearer);
    heap_.pop_back();
  }
  heap_.push_back(match);
  std::ranges::push_heap(heap_, nearer);
  if (heap_.size() == capacity_) farthest_ = heap_.front().distance;
}

std::vector<CodeMatch> NearestCodes::matches() const {
  std::vector<CodeMatch> sorted = heap_;
  std::ranges::sort(sorted, nearer);
  return sorted;
}

}  // namespace prov::search
