// Reads one segment of a tensor piece by piece; the part of a weight pass that runs on one thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/checkpoint.hpp"
#include "model/row_reader.hpp"
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
  /// or a visitor are read in order by one reader, after restart_norms().
  Result<void> read(const TensorRequest& request, Segment& segment);
  /// Two segments at once, piece by piece, so that their norms cost little more than one: of two
  /// tensors that may be read so (may_be_read_together), from the same element on.
  Result<void> read_two(const TensorRequest& request, Segment& segment,
                        const TensorRequest& other_request, Segment& other);

  void restart_norms() { tracks_[0].norm = tracks_[1].norm = {}; }
  float norm() const { return tracks_[0].norm.finish(); }
  float other_norm() const { return tracks_[1].norm.finish(); }

 private:
  /// What is being read of one tensor.
  struct Track {
    const TensorRequest* request = nullptr;
    Segment* segment = nullptr;
    std::optional<model::RowReader> reader;  // of numbers that must be decoded or put in order
    SegmentHasher hasher;
    numeric::ChainedNorm norm;
    std::vector<float> f32;
    std::vector<numeric::Bfloat16> bf16;
    std::vector<numeric::Float16> f16;
  };

  Track& start(std::size_t track, const TensorRequest& request, Segment& segment);
  template <class T>
  Result<std::span<const T>> read_piece(Track& track, std::uint64_t done);
  template <class T>
  Result<void> read_one_as(Track& track);
  template <class T>
  Result<void> read_two_as(Track& track, Track& other);
  template <class T>
  void take(Track& track, std::uint64_t begin, std::span<const T> piece);
  template <class T>
  void show(Track& track, std::uint64_t begin, std::span<const T> piece);
  template <class T>
  void take_squares(Track& track, std::uint64_t begin, std::span<const T> piece);

  const model::Checkpoint& checkpoint_;
  const WeightPassOptions& options_;
  std::array<Track, 2> tracks_;
};

/// Both are stored as plain halves or floats of one type, and have as many elements.
bool may_be_read_together(const model::Tensor& a, const model::Tensor& b);

}  // namespace prov::signals
