// 8-bit floats with scales: DeepSeek's blocks, ModelOpt, FBGEMM, Mistral, compressed-tensors.
//
// weight            F8_E4M3 or F8_E5M2 [out, in]
// weight_scale_inv  F32, BF16 or F8_E8M0 [out / block, in / block] (a factor, despite its name)
// or weight_scale, or qscale_weight: one number, [out], [out, 1] or [out, in / group]; U8: the
// exponents of MXFP8
//
// value = q * scale, rounded to the type of the scale (powers of two: exact in f32).
// Source: transformers, integrations/finegrained_fp8.py; compressed-tensors, forward.py.
#pragma once

#include "model/packed/packed_module.hpp"

namespace prov::model {

/// The part that holds the scales; empty if there is none.
std::string_view float8_scale_part(const PackedModule& module);
/// Unread: a matrix of scales whose blocks no configuration names. Errors as those of join_gptq.
Result<JoinedModule> join_float8(const PackedModule& module);

}  // namespace prov::model
