// Exact search among binary codes: the sign projections of a sketch, compared by the bits in which
// they differ.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace prov::search {

struct CodeMatch {
  std::uint64_t id = 0;
  std::uint32_t distance = 0;  // differing bits, 0 .. 64 * words
  friend bool operator==(const CodeMatch&, const CodeMatch&) = default;
};

/// The `capacity` nearest of all codes that are offered, block by block, as they come from the
/// disk. Every code is compared: no approximation. Of equal distances the lower id is nearer, so
/// the order of the blocks does not change the result. Memory: a block's distances and the matches.
/// Not thread-safe; give each thread its own and merge().
class NearestCodes {
 public:
  /// `query` is copied; its length in 64-bit words is that of every code.
  NearestCodes(std::span<const std::uint64_t> query, std::size_t capacity);

  /// codes.size() == ids.size() * words of the query.
  void offer(std::span<const std::uint64_t> ids, std::span<const std::uint64_t> codes);
  void merge(const NearestCodes& other);

  /// Nearest first.
  std::vector<CodeMatch> matches() const;

 private:
  void keep(CodeMatch match);

  std::vector<std::uint64_t> query_;
  std::size_t capacity_;
  std::vector<CodeMatch> heap_;                                         // farthest on top
  std::uint32_t farthest_ = std::numeric_limits<std::uint32_t>::max();  // that may still be kept
  std::vector<std::uint32_t> distance_;
};

}  // namespace prov::search
