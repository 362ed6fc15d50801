// bitsandbytes: int8, and 4 bits with levels from a table (NF4, FP4).
//
// int8   weight I8 [out, in]; SCB F32 [out]; weight_format U8
//        value = q * SCB[row] * (1 / 127), each product rounded to f32
// 4 bit  weight U8 [elements / 2, 1], row after row, the higher half of a byte first
//        weight.quant_map F32 [16]; weight.absmax F32, one for `blocksize` elements
//        nested: weight.absmax U8, weight.nested_absmax F32, weight.nested_quant_map F32 [256];
//        absmax[i] = nested_quant_map[absmax[i]] * nested_absmax[i / nested_blocksize] +
//        nested_offset
//        weight.quant_state.bitsandbytes__nf4 (or __fp4) U8: JSON {quant_type, blocksize, shape,
//        dtype, nested_blocksize, nested_offset}
//        value = quant_map[q] * absmax[element / blocksize], rounded to dtype
// Source: bitsandbytes, functional.py and backends/default/ops.py.
#pragma once

#include "model/packed/packed_module.hpp"

namespace prov::model {

Result<JoinedModule> join_bitsandbytes_int8(const PackedModule& module);

/// The part of the JSON that describes a 4-bit weight; empty if there is none.
std::string quant_state_part(const PackedModule& module);
/// The JSON is a stranger's: errors malformed, too_large beyond 64 KiB, size_mismatch where its
/// shape is not that of the codes.
Result<JoinedModule> join_bitsandbytes_4bit(const PackedModule& module);

}  // namespace prov::model
