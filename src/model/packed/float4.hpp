// E2M1 numbers in halves of bytes, the lower half first, with 8-bit scales.
//
// compressed-tensors  weight_packed U8 [out, in / 2]; weight_scale F8_E4M3 [out, in / 16];
//   NVFP4             weight_global_scale F32 [1]: value = q * (scale / global), rounded to BF16
//   MXFP4             weight_scale U8 [out, in / 32]: value = q * 2^(scale - 127), 0xff is NaN
// ModelOpt NVFP4      weight U8 [out, in / 2]; weight_scale F8_E4M3; weight_scale_2 F32:
//                     value = q * (scale * scale_2)
// Experts of gpt-oss  <name>_blocks U8 [experts, out, in / 32, 16]; <name>_scales U8 [experts, out,
//   MXFP4             in / 32]; the model's own tensor is [experts, in, out]
//
// In f32; the products of MXFP4 are exact, those of ModelOpt are not rounded further.
// Source: compressed-tensors, nvfp4_quantized.py; ModelOpt; transformers, integrations/mxfp4.py.
#pragma once

#include "model/packed/packed_module.hpp"

namespace prov::model {

Result<JoinedModule> join_float4(const PackedModule& module);
/// Joins the parts "_blocks" and "_scales" to a tensor of the module's name.
Result<JoinedModule> join_mxfp4_experts(const PackedModule& module);

}  // namespace prov::model
