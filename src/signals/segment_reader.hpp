// Reads one segment of a tensor piece by piece; the part of a weight pass that runs on one thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/checkpoint.hpp"
#include "numeric/chained_norm.hpp"
#include "numeric/half.hpp"
#include "provenancekit/result.hpp"
#include "signals/segment_hash.hpp"
#include "signals/weight_pass.hpp"

namespace prov::signals {

/// What is found in one segment.
struct Segment {
  std::size_t request = 0;  // index of the request for its tensor
  std::uint64_t begin = 0;  // elements
  std::uint64_t count = 0;
  std::uint64_t non_finite = 0;
  double first_row = 0;  // square sum of the part of a row that began in an earlier segment
  SegmentHash hash;
};

/// Owns the buffers of one thread.
class SegmentReader {
 public:
  /// All must outlive the reader.
  SegmentReader(const model::Checkpoint& checkpoint, const WeightPassOptions& options)
      : checkpoint_(checkpoint), options_(options) {}

  /// Fills `segment` and what the request wants of it. Segments of one tensor with `chained_norm`
  /// are read in order by one reader, after restart_norm().
  Result<void> read(const TensorRequest& request, Segment& segment);

  void restart_norm() { norm_ = {}; }
  float norm() const { return norm_.finish(); }

 private:
  template <class T, class Read>
  Result<void> read_pieces(const TensorRequest& request, Segment& segment, std::vector<T>& buffer,
                           const Read& read);
  template <class T>
  void take(const TensorRequest& request, std::uint64_t begin, std::span<const T> piece,
            Segment& segment);

  const model::Checkpoint& checkpoint_;
  const WeightPassOptions& options_;
  std::vector<float> f32_;
  std::vector<numeric::Bfloat16> bf16_;
  std::vector<numeric::Float16> f16_;
  SegmentHasher hasher_;
  numeric::ChainedNorm norm_;
};

}  // namespace prov::signals
