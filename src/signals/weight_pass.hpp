// Reads the wanted tensors of a checkpoint once each, in file order, on all threads, and gives each
// asker what it wants on the way.
//
// A tensor is cut into segments of kSegment elements, a segment into pieces that fit a core's
// cache. Results depend on segments, never on pieces, threads, files or the container
// (docs/numeric-contract.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "base/digest.hpp"
#include "base/parallel_for.hpp"
#include "model/checkpoint.hpp"
#include "model/element_visitor.hpp"
#include "numeric/kernels/kernels.hpp"
#include "provenancekit/progress.hpp"
#include "provenancekit/result.hpp"

namespace prov::signals {

/// Elements that are summed and hashed on their own.
inline constexpr std::uint64_t kSegment = std::uint64_t{1} << 20;

/// Elements first, first + stride, ... of a flattened tensor, as f32, into `out`; all inside the
/// tensor.
struct Gather {
  std::uint64_t first = 0;
  std::uint64_t stride = 1;
  std::span<float> out;
};

/// What someone wants to know of one tensor, which must outlive the request. The spans of different
/// gathers do not overlap.
struct TensorRequest {
  const model::Tensor* tensor = nullptr;  // of the checkpoint, or a part of one
  std::vector<Gather> gathers;
  // Of each row of a matrix, finite elements only; empty if not wanted.
  std::span<double> row_square_sums;
  bool chained_norm = false;  // one thread then reads the whole tensor, and for a visitor
  model::ElementVisitor* visitor = nullptr;
};

/// What is always found out.
struct TensorSummary {
  bool decoded =
      true;  // false for complex numbers, which have no f32 value: then nothing else is set
  std::uint64_t non_finite = 0;  // NaN and infinite elements
  float chained_norm = 0;        // numeric/chained_norm.hpp, if it was requested
  /// Equal for equal values of equal bits as f32, whatever container they are in (BF16, F16, F32,
  /// ...).
  base::ContentHash content;
};

struct WeightPassOptions {
  std::size_t piece = std::size_t{1}
                      << 16;  // elements a thread holds at a time, a multiple of numeric::kBlock
  std::size_t workers = base::worker_count();
  Progress* progress = nullptr;
  std::stop_token stop;
};

/// Reads the tensor of each request; one summary for each, in their order. `checkpoint` has the
/// files. Memory: a few pieces for each thread and 64 bytes a segment. Errors: io,
/// changed_while_read (also when the files changed until the end), cancelled.
Result<std::vector<TensorSummary>> read_weights(const model::Checkpoint& checkpoint,
                                                std::span<const TensorRequest> requests,
                                                const WeightPassOptions& options = {});

}  // namespace prov::signals
