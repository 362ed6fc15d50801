// MLX: whole numbers of 2 to 8 bits, or 4- and 8-bit floats, in 32-bit words.
//
// weight  U32 [..., in * bits / 32]  each row one string of bits, lowest first; fields of 3, 5 and
// 6
//         bits lie across words
// scales  F16, BF16 or F32 [..., in / group_size]; biases alike (mode "affine")
// mode mxfp4, mxfp8  scales U8, powers of two 2^(scale - 127), groups of 32; codes E2M1 or E4M3
// mode nvfp4         scales U8, E4M3, groups of 16; codes E2M1
//
// affine: value = q * scale + bias, product and sum rounded to the type of the scales one after the
// other, as MLX's graph of operations does (its fused kernels differ in the last bit).
// Source: mlx 0.29, ops.cpp, dequantize.
#pragma once

#include "model/packed/packed_module.hpp"

namespace prov::model {

/// bits, group_size and mode come from `quantization` in config.json, where the module may have an
/// entry of its own. Unread without it, and for modes that are not known. Errors as those of
/// join_gptq.
Result<JoinedModule> join_mlx(const PackedModule& module);

}  // namespace prov::model
