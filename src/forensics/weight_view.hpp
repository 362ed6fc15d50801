// A weight as the matrix W of y = W x, however it is stored: alone, transposed, fused with others,
// or stacked over experts.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "forensics/matrix.hpp"
#include "model/checkpoint.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// Which matrix of which module. Experts that are stacked in one tensor are addressed one by one.
struct ViewAddress {
  model::Tower tower = model::Tower::text;
  int layer = -1;
  int expert = model::kNoIndex;
  model::RoleKind kind = model::RoleKind::unknown;
  friend auto operator<=>(const ViewAddress&, const ViewAddress&) = default;
};

/// Points into a Checkpoint, which must outlive it.
struct WeightView {
  const model::Tensor* tensor = nullptr;
  std::uint64_t origin = 0;  // flat position of element (0, 0)
  std::uint64_t stride = 0;  // elements from one stored row to the next
  std::uint64_t outputs = 0;
  std::uint64_t inputs = 0;
  bool transposed = false;  // stored as [inputs, outputs]
};

using ViewMap = std::map<ViewAddress, WeightView>;

/// Every matrix in a layer of `checkpoint` that the tests use: query, key, value, attention_output,
/// gate, up, down, and qkv where it is interleaved. Fused qkv and gate_up are split; of the experts
/// the first `experts` and the shared one are listed. Tensors of another rank or with an axis
/// beyond 4 M, packed integers and unknown roles are left out; so are, beside a language model, its
/// vision and audio towers and speculative layers: many unrelated models carry one frozen image
/// encoder.
ViewMap weight_views(const model::Checkpoint& checkpoint, int experts);

/// The elements at `outputs` x `inputs` (ascending positions) as a matrix with outputs as rows.
/// Reads whole stored rows, run by run. Non-finite values become 0. Errors: those of reading.
Result<Matrix> read_block(const model::Checkpoint& checkpoint, const WeightView& view,
                          std::span<const std::uint64_t> outputs,
                          std::span<const std::uint64_t> inputs);

}  // namespace prov::forensics
