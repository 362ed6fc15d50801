// GPTQ: weights in fields of 2, 3, 4 or 8 bits, packed down the input axis.
//
// qweight  I32 [in * bits / 32, out]  each column a string of bits, lowest first: field r of it is
// q qzeros   I32 [groups, out * bits / 32]  each row a string of bits; version 1 of the format
// stores
//          the zero point minus one, version 2 the zero point itself. Missing: 2^(bits - 1)
// scales   F16 [groups, out]
// g_idx    I32 [in]  group of each input ("act-order"); missing: r / group_size
//
// weight[c, r] = scales[g, c] * (q[r, c] - z[g, c]), rounded to the type of the scales.
// Source: AutoGPTQ and GPTQModel, qlinear/torch.py.
#pragma once

#include "model/packed/packed_module.hpp"

namespace prov::model {

/// Joins qweight, qzeros, scales and g_idx to `<module>.weight`. Unread without a configuration
/// (version 1 or 2 cannot be seen), and other formats of GPTQModel. Errors: not_found for a missing
/// part, size_mismatch for shapes that contradict each other, out_of_range for a group in g_idx
/// that is not there.
Result<JoinedModule> join_gptq(const PackedModule& module);

}  // namespace prov::model
