// A weight as the matrix W of y = W x, however it is stored: alone, transposed, fused with others,
// or stacked over experts.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "model/checkpoint.hpp"
#include "numeric/matrix.hpp"
#include "provenancekit/result.hpp"

namespace prov::model {

/// Which matrix of which module. Experts that are stacked in one tensor are addressed one by one.
struct ViewAddress {
  Tower tower = Tower::text;
  int layer = -1;
  int expert = kNoIndex;
  RoleKind kind = RoleKind::unknown;
  friend auto operator<=>(const ViewAddress&, const ViewAddress&) = default;
};

/// Points into a Checkpoint, which must outlive it.
struct WeightView {
  const Tensor* tensor = nullptr;
  std::uint64_t origin = 0;  // flat position of element (0, 0)
  std::uint64_t stride = 0;  // elements from one stored row to the next
  std::uint64_t outputs = 0;
  std::uint64_t inputs = 0;
  bool transposed = false;  // stored as [inputs, outputs]
  // Projections that are fused head by head: output r is stored row
  // (r / block) * group + r % block. block 0: the rows follow one another.
  std::uint64_t block = 0;
  std::uint64_t group = 0;

  std::uint64_t stored_row(std::uint64_t output) const {
    return block == 0 ? output : output / block * group + output % block;
  }
  /// The transposed matrix, of the same elements. Not for views with blocks.
  WeightView flipped() const;
};

using ViewMap = std::map<ViewAddress, WeightView>;

/// How many heads the attention of a model has; 0 if that is not known. They are needed to take
/// projections apart that are fused head by head.
struct AttentionHeads {
  std::uint64_t query = 0;
  std::uint64_t key_value = 0;
};

/// Every matrix in a layer of `checkpoint` that the tests use: query, key, value, attention_output,
/// gate, up and down. Fused qkv (one after the other, or head by head) and gate_up are split; a qkv
/// fused head by head stays whole where `heads` does not say how. Of the experts the first
/// `experts` and the shared one are listed. Tensors of another rank or with an axis
/// beyond 4 M, packed integers and unknown roles are left out; so are, beside a language model, its
/// vision and audio towers and speculative layers: many unrelated models carry one frozen image
/// encoder.
ViewMap weight_views(const Checkpoint& checkpoint, int experts, AttentionHeads heads = {});

/// The elements at `outputs` x `inputs` (ascending positions) as a matrix with outputs as rows.
/// Reads whole stored rows, run by run. Non-finite values become 0. Errors: those of reading.
Result<numeric::Matrix> read_block(const Checkpoint& checkpoint, const WeightView& view,
                                   std::span<const std::uint64_t> outputs,
                                   std::span<const std::uint64_t> inputs);

}  // namespace prov::model
