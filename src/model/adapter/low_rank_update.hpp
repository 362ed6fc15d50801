// What a LoRA adapter adds to one matrix, and the matrix with it.
//
// lora_A F [r, in], lora_B F [out, r]; W' = W + scale * B A, W being [out, in]. Stored transposed
// (Conv1D, [in, out]) the update is transposed, too. Embeddings [tokens, width]: lora_embedding_A
// [r, tokens], lora_embedding_B [width, r], update scale * (B A)^T.
// DoRA: W'_o = m_o (W + scale * B A)_o / ||(W + scale * B A)_o|| for each output o, with
// lora_magnitude_vector m.
// Sums run over the rank in order, in f32; nothing is rounded to the type of the base.
// Source: peft, tuners/lora/layer.py and dora.py.
#pragma once

#include <optional>
#include <string>

#include "model/checkpoint.hpp"
#include "numeric/matrix.hpp"

namespace prov::model {

struct LowRankUpdate {
  std::string module;  // as the base names it, without ".weight"
  Tensor target;       // of the base
  Tensor a, b;
  std::optional<Tensor> magnitude;  // DoRA
  float scale = 1;
  bool transposed = false;  // lines of the target are inputs, or tokens

  std::uint64_t rank() const { return a.rows(); }
};

/// The target with the update. Its reader needs the checkpoint that holds all parts.
std::shared_ptr<const ComposedTensor> adapted_tensor(LowRankUpdate update);

/// Elements of the update alone at `lines` x `columns` (ascending) of the target as it is stored,
/// DoRA's magnitudes left out. Errors: those of reading.
Result<numeric::Matrix> read_update(const Checkpoint& checkpoint, const LowRankUpdate& update,
                                    std::span<const std::uint64_t> lines,
                                    std::span<const std::uint64_t> columns);

}  // namespace prov::model
