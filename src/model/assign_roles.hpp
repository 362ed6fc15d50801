#pragma once

#include <span>

#include "model/checkpoint.hpp"

namespace prov::model {

/// Gives each tensor of one checkpoint its role: role_of its name, then what only the other tensors
/// can tell:
///  - `post_attention_layernorm` stands before the MLP (Llama), or after attention where the layer
///  has a second pair of
///    norms (Gemma 2 and 3, OLMo 2);
///  - GPT-2's names mean Conv1D matrices [in, out], or [out, in] in StarCoder, Qwen 1 and GPT-Neo:
///  the shapes say which;
///  - a decoder without an encoder is the text model (OPT);
///  - the layer that holds the parts of multi-token prediction is speculative as a whole (DeepSeek
///  V3).
/// Reads names and shapes only.
void assign_roles(std::span<Tensor> tensors);

}  // namespace prov::model
