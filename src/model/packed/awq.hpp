// AWQ ("gemm"): weights of 4 bits, eight neighbours along the output axis in a word.
//
// qweight  I32 [in, out / 8]  nibble i of word w is column 8 w + {0, 2, 4, 6, 1, 3, 5, 7}[i]
// qzeros   I32 [groups, out / 8]  packed alike; the zero point itself
// scales   F16 [groups, out]
//
// weight[c, r] = (q[r, c] - z[g, c]) * scales[g, c], rounded to the type of the scales.
// Source: AutoAWQ, utils/packing_utils.py.
#pragma once

#include "model/packed/packed_module.hpp"

namespace prov::model {

/// Joins qweight, qzeros and scales to `<module>.weight`. Unread: the layouts of other kernels
/// (gemv, gemv_fast, marlin). Errors as those of join_gptq.
Result<JoinedModule> join_awq(const PackedModule& module);

}  // namespace prov::model
