// Matrices that the converter transposed, read as the model has them.
#pragma once

#include "model/checkpoint.hpp"

namespace prov::model {

/// The transpose of `stored`, a matrix: same name and type. Its numbers are those of the blocks
/// that are stored; groups that share a scale run across its lines.
Tensor transposed_tensor(const Tensor& stored);

/// kv_b_proj of multi-head latent attention, which llama.cpp stores in two halves: of each head the
/// rows that make keys, transposed, then those that make values.
///   key    [heads, rank, key rows]
///   value  [heads, value rows, rank]
///   whole  [heads * (key rows + value rows), rank]
/// nullopt where the shapes say otherwise.
std::optional<Tensor> joined_key_value(const Tensor& key, const Tensor& value, std::string name);

}  // namespace prov::model
