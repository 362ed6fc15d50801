// The names of llama.cpp's converter, written a second time for tests.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace prov::tests {

/// "model.layers.3.mlp.up_proj.weight" -> "blk.3.ffn_up.weight", for models with Llama's names.
inline std::string gguf_name(std::string name) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"model.layers.", "blk."},
      {"self_attn.q_proj", "attn_q"},
      {"self_attn.k_proj", "attn_k"},
      {"self_attn.v_proj", "attn_v"},
      {"self_attn.o_proj", "attn_output"},
      {"mlp.gate_proj", "ffn_gate"},
      {"mlp.up_proj", "ffn_up"},
      {"mlp.down_proj", "ffn_down"},
      {"input_layernorm", "attn_norm"},
      {"post_attention_layernorm", "ffn_norm"},
      {"model.embed_tokens", "token_embd"},
      {"model.norm", "output_norm"},
      {"lm_head", "output"}};
  for (const auto& [from, to] : kNames) {
    if (const std::size_t at = name.find(from); at != std::string::npos)
      name.replace(at, from.size(), to);
  }
  return name;
}

}  // namespace prov::tests
