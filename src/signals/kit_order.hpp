#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/checkpoint.hpp"

namespace prov::signals {

/// Indices of `tensors` (kit_tensors, sorted by name) in the order in which the safetensors library
/// writes one file: by dtype, the widest first, then by name. The kit's NLF and WVC follow the
/// file; ours follow this order whatever the file and the shards. Floats of 16, 32 and 64 bits
/// count as one dtype, the place of the 16-bit ones: a model stored as F32 or BF16 must not differ.
/// So the kit's order and ours part only where the tensors of one signal mix such floats. Source:
/// safetensors 0.4 and later, `prepare` in tensor.rs, and the order of its enum Dtype.
std::vector<std::size_t> kit_order(std::span<const model::Tensor* const> tensors);

}  // namespace prov::signals
