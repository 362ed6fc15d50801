// HQQ: whole numbers of 1, 2, 3, 4 or 8 bits with scales and zero points that are floats.
//
// The weight, [out, in], is laid out as a matrix of groups: [elements / group, group] for axis 1,
// [group, elements / group] for axis 0. Its rows are cut into as many equal runs as fit into one
// stored number; run 0 takes the highest bits.
// W_q        U8 [rows / (8 / bits), columns]; 3 bits: I32, ten runs from bit 27 down, the last run
//            filled up with zeros
// scale      F16, BF16 or F32, one for each group; zero alike
// shape      I64 [2]; nbits, group_size, axis: one number each
//
// value = (q - zero) * scale, difference and product rounded to the type of the scale.
// Source: hqq, core/quantize.py and core/bitpack.py.
#pragma once

#include "model/packed/packed_module.hpp"

namespace prov::model {

/// Joins W_q, scale, zero and the facts beside them to `<module>.weight`. Unread: scales or zero
/// points that are quantised too, and codes viewed as floats. Errors as those of join_gptq.
Result<JoinedModule> join_hqq(const PackedModule& module);

}  // namespace prov::model
