// A hash of weights that is the same for the same values in a BF16, F16 or F32 container.
//
// The canonical form of a segment is two streams: the upper 16 bits of each element as f32, then
// the lower 16 bits. Where all lower halves are 0, as in everything that came from BF16, the second
// stream is left out: a BF16 container is hashed as it is, at the speed of XXH3. A tensor's hash is
// XXH3-128 over the hashes of its segments in order: all upper ones, then, if any segment has one,
// all lower ones (absent ones as 0).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/digest.hpp"
#include "numeric/half.hpp"

namespace prov::signals {

struct SegmentHash {
  base::ContentHash upper, lower;
  bool has_lower = false;
};

/// Hashes one segment after the other. Not thread-safe.
class SegmentHasher {
 public:
  void start();
  void update(std::span<const numeric::Bfloat16> piece);
  void update(std::span<const numeric::Float16> piece);
  void update(std::span<const float> piece);
  SegmentHash finish() const;

 private:
  base::ContentHasher upper_, lower_;
  bool has_lower_ = false;
  std::vector<float> widened_;
  std::vector<std::uint16_t> upper_halves_, lower_halves_;
};

/// Joins the hashes of a tensor's segments, added in order.
class TensorHasher {
 public:
  void add(const SegmentHash& segment);
  base::ContentHash finish() const;

 private:
  std::vector<std::uint64_t> upper_, lower_;
  bool has_lower_ = false;
};

}  // namespace prov::signals
