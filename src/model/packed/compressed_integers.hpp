// Whole numbers of compressed-tensors, packed or in bytes.
//
// pack-quantized  weight_packed I32 [out, words], lowest field first, a field is q + 2^(bits - 1);
//                 either pf = 32 / bits (rounded down) fields a word, the rest of it unused, or
//                 fields without gaps: what the words of a row say. weight_shape I64 [2];
//                 weight_scale [out, 1], [out, groups] or one number; weight_zero_point I32 [words,
//                 groups], fields down the rows (missing: 0); weight_g_idx I32 [in], group of each
//                 column
// int-quantized,  weight I8 [out, in]; weight_scale; weight_zero_point I8, shaped like the scales
// naive-quantized
//
// value = (q - z) * scale, rounded to the type of the scale.
// Source: compressed-tensors, pack_quantized and forward.py: 0.12 with gaps, 0.20 without.
#pragma once

#include "model/packed/packed_module.hpp"

namespace prov::model {

/// Unread where the configuration does not settle the number of bits. Errors as those of join_gptq.
Result<JoinedModule> join_packed_integers(const PackedModule& module);
Result<JoinedModule> join_byte_integers(const PackedModule& module);

}  // namespace prov::model
