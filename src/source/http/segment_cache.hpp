// Fetched pieces of one file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <span>
#include <vector>

#include "source/byte_source.hpp"

namespace prov::source {

/// Bounded: the oldest pieces go first. Thread-safe.
class SegmentCache {
 public:
  explicit SegmentCache(std::uint64_t most_bytes) : most_bytes_(most_bytes) {}

  /// Fills `out` if one piece holds all of it.
  bool read(std::uint64_t offset, std::span<std::byte> out) const;
  bool holds(const ByteRange& range) const;
  void add(std::uint64_t offset, std::vector<std::byte> bytes);

 private:
  const std::vector<std::byte>* find(const ByteRange& range, std::uint64_t& begin) const;

  mutable std::mutex mutex_;
  std::map<std::uint64_t, std::vector<std::byte>> pieces_;
  std::deque<std::uint64_t> oldest_;
  std::uint64_t bytes_ = 0, most_bytes_;
};

}  // namespace prov::source
