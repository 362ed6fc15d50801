#include "search/nearest_codes.hpp"

#include <algorithm>

#include "numeric/kernels/kernels.hpp"

namespace prov::search {
namespace {

/// Codes whose distances are taken at a time: they stay in L1 with what follows.
constexpr std::size_t kAtOnce = 1024;

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
    for (std::size_t i = 0; i < count; ++i) {
      if (distance_[i] <= farthest_) keep({ids[first + i], distance_[i]});
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
