// Names of tensors in GGUF files (gguf 0.19, tensor_mapping.py) and in the files of transformers.
// Source of what the converter does: llama.cpp, conversion/*.py, August 2026.
#include <algorithm>
#include <iterator>

#include "model/gguf/tensor_names.hpp"

namespace prov::model {
namespace {

using Rules = GgufNameRule[];

constexpr Rules kLlama = {
    {"token_embd", "model.embed_tokens"},
    {"output_norm", "model.norm"},
    {"output", "lm_head"},
    {"attn_norm", "model.layers.{L}.input_layernorm"},
    {"attn_q", "model.layers.{L}.self_attn.q_proj"},
    {"attn_k", "model.layers.{L}.self_attn.k_proj"},
    {"attn_v", "model.layers.{L}.self_attn.v_proj"},
    {"attn_qkv", "model.layers.{L}.self_attn.qkv_proj"},
    {"attn_q_a", "model.layers.{L}.self_attn.q_a_proj"},
    {"attn_q_a_norm", "model.layers.{L}.self_attn.q_a_layernorm"},
    {"attn_q_b", "model.layers.{L}.self_attn.q_b_proj"},
    {"attn_kv_a_mqa", "model.layers.{L}.self_attn.kv_a_proj_with_mqa"},
    {"attn_kv_a_norm", "model.layers.{L}.self_attn.kv_a_layernorm"},
    {"attn_kv_b", "model.layers.{L}.self_attn.kv_b_proj"},
    {"attn_k_b", "model.layers.{L}.self_attn.k_b_proj"},  // halves of kv_b_proj
    {"attn_v_b", "model.layers.{L}.self_attn.v_b_proj"},
    {"attn_output", "model.layers.{L}.self_attn.o_proj"},
    {"attn_q_norm", "model.layers.{L}.self_attn.q_norm"},
    {"attn_k_norm", "model.layers.{L}.self_attn.k_norm"},
    {"ffn_norm", "model.layers.{L}.post_attention_layernorm"},
    {"ffn_gate", "model.layers.{L}.mlp.gate_proj"},
    {"ffn_up", "model.layers.{L}.mlp.up_proj"},
    {"ffn_down", "model.layers.{L}.mlp.down_proj"},
    {"ffn_gate_inp", "model.layers.{L}.mlp.gate"},
    {"ffn_gate_exps", "model.layers.{L}.mlp.experts.{E}.gate_proj"},
    {"ffn_up_exps", "model.layers.{L}.mlp.experts.{E}.up_proj"},
    {"ffn_down_exps", "model.layers.{L}.mlp.experts.{E}.down_proj"},
    {"ffn_gate_up_exps", "model.layers.{L}.mlp.experts.gate_up_proj "},
    {"ffn_gate_shexp", "model.layers.{L}.mlp.shared_expert.gate_proj"},
    {"ffn_up_shexp", "model.layers.{L}.mlp.shared_expert.up_proj"},
    {"ffn_down_shexp", "model.layers.{L}.mlp.shared_expert.down_proj"},
    {"ffn_gate_inp_shexp", "model.layers.{L}.mlp.shared_expert_gate"},
    {"exp_probs_b", "model.layers.{L}.mlp.gate.e_score_correction_bias "},
    {"rope_freqs", "rope.freqs "},  // made by the converter; no model has it
};

/// Architecture "llama" with experts is Mixtral.
constexpr Rules kMixtral = {
    {"ffn_gate_inp", "model.layers.{L}.block_sparse_moe.gate"},
    {"ffn_gate_exps", "model.layers.{L}.block_sparse_moe.experts.{E}.w1"},
    {"ffn_down_exps", "model.layers.{L}.block_sparse_moe.experts.{E}.w2"},
    {"ffn_up_exps", "model.layers.{L}.block_sparse_moe.experts.{E}.w3"},
};

/// Norms before and after each part: Gemma 2 and 3, OLMo 2 (after only).
constexpr Rules kFourNorms = {
    {"post_attention_norm", "model.layers.{L}.post_attention_layernorm"},
    {"ffn_norm", "model.layers.{L}.pre_feedforward_layernorm"},
    {"post_ffw_norm", "model.layers.{L}.post_feedforward_layernorm"},
};

constexpr Rules kDeepSeek = {
    {"ffn_gate_shexp", "model.layers.{L}.mlp.shared_experts.gate_proj"},
    {"ffn_up_shexp", "model.layers.{L}.mlp.shared_experts.up_proj"},
    {"ffn_down_shexp", "model.layers.{L}.mlp.shared_experts.down_proj"},
};

constexpr Rules kPhi2 = {
    {"output_norm", "model.final_layernorm"},
    {"attn_output", "model.layers.{L}.self_attn.dense"},
    {"ffn_up", "model.layers.{L}.mlp.fc1"},
    {"ffn_down", "model.layers.{L}.mlp.fc2"},
};

/// The gate stays fused in front of the way up.
constexpr Rules kPhi3 = {{"ffn_up", "model.layers.{L}.mlp.gate_up_proj"}};

constexpr Rules kStarcoder2 = {
    {"ffn_up", "model.layers.{L}.mlp.c_fc"},
    {"ffn_down", "model.layers.{L}.mlp.c_proj"},
};

constexpr Rules kStableLm = {
    {"attn_q_norm", "model.layers.{L}.self_attn.q_layernorm"},
    {"attn_k_norm", "model.layers.{L}.self_attn.k_layernorm"},
};

constexpr Rules kGpt2 = {
    {"token_embd", "transformer.wte"},
    {"position_embd", "transformer.wpe"},
    {"output_norm", "transformer.ln_f"},
    {"attn_norm", "transformer.h.{L}.ln_1"},
    {"attn_qkv", "transformer.h.{L}.attn.c_attn"},
    {"attn_output", "transformer.h.{L}.attn.c_proj"},
    {"ffn_norm", "transformer.h.{L}.ln_2"},
    {"ffn_up", "transformer.h.{L}.mlp.c_fc"},
    {"ffn_down", "transformer.h.{L}.mlp.c_proj"},
};

constexpr Rules kGptNeoX = {
    {"token_embd", "gpt_neox.embed_in"},
    {"output_norm", "gpt_neox.final_layer_norm"},
    {"output", "embed_out"},
    {"attn_norm", "gpt_neox.layers.{L}.input_layernorm"},
    {"attn_qkv", "gpt_neox.layers.{L}.attention.query_key_value"},
    {"attn_output", "gpt_neox.layers.{L}.attention.dense"},
    {"ffn_norm", "gpt_neox.layers.{L}.post_attention_layernorm"},
    {"ffn_up", "gpt_neox.layers.{L}.mlp.dense_h_to_4h"},
    {"ffn_down", "gpt_neox.layers.{L}.mlp.dense_4h_to_h"},
};

constexpr Rules kBloom = {
    {"token_embd", "transformer.word_embeddings"},
    {"token_embd_norm", "transformer.word_embeddings_layernorm"},
    {"output_norm", "transformer.ln_f"},
    {"attn_norm", "transformer.h.{L}.input_layernorm"},
    {"attn_qkv", "transformer.h.{L}.self_attention.query_key_value"},
    {"attn_output", "transformer.h.{L}.self_attention.dense"},
    {"ffn_norm", "transformer.h.{L}.post_attention_layernorm"},
    {"ffn_up", "transformer.h.{L}.mlp.dense_h_to_4h"},
    {"ffn_down", "transformer.h.{L}.mlp.dense_4h_to_h"},
};

constexpr Rules kFalcon = {
    {"token_embd", "transformer.word_embeddings"},
    {"output_norm", "transformer.ln_f"},
    {"attn_norm", "transformer.h.{L}.input_layernorm"},
    {"attn_norm_2", "transformer.h.{L}.ln_attn"},
    {"attn_qkv", "transformer.h.{L}.self_attention.query_key_value"},
    {"attn_output", "transformer.h.{L}.self_attention.dense"},
    {"ffn_up", "transformer.h.{L}.mlp.dense_h_to_4h"},
    {"ffn_down", "transformer.h.{L}.mlp.dense_4h_to_h"},
};

constexpr Rules kMpt = {
    {"token_embd", "transformer.wte"},
    {"output_norm", "transformer.norm_f"},
    {"attn_norm", "transformer.blocks.{L}.norm_1"},
    {"attn_qkv", "transformer.blocks.{L}.attn.Wqkv"},
    {"attn_output", "transformer.blocks.{L}.attn.out_proj"},
    {"attn_q_norm", "transformer.blocks.{L}.attn.q_ln"},
    {"attn_k_norm", "transformer.blocks.{L}.attn.k_ln"},
    {"ffn_norm", "transformer.blocks.{L}.norm_2"},
    {"ffn_up", "transformer.blocks.{L}.ffn.up_proj"},
    {"ffn_down", "transformer.blocks.{L}.ffn.down_proj"},
};

constexpr Rules kBert = {
    {"token_embd", "embeddings.word_embeddings"},
    {"position_embd", "embeddings.position_embeddings"},
    {"token_types", "embeddings.token_type_embeddings"},
    {"token_embd_norm", "embeddings.LayerNorm"},
    {"attn_q", "encoder.layer.{L}.attention.self.query"},
    {"attn_k", "encoder.layer.{L}.attention.self.key"},
    {"attn_v", "encoder.layer.{L}.attention.self.value"},
    {"attn_output", "encoder.layer.{L}.attention.output.dense"},
    {"attn_output_norm", "encoder.layer.{L}.attention.output.LayerNorm"},
    {"ffn_up", "encoder.layer.{L}.intermediate.dense"},
    {"ffn_down", "encoder.layer.{L}.output.dense"},
    {"layer_output_norm", "encoder.layer.{L}.output.LayerNorm"},
};

constexpr std::span<const GgufNameRule> kNone;

constexpr GgufArchitecture kArchitectures[] = {
    {"llama", "llama", "LlamaForCausalLM", kMixtral, true},
    {"granite", "granite", "GraniteForCausalLM", kNone, true},
    {"baichuan", "baichuan", "BaichuanForCausalLM", kNone, true},
    {"internlm2", "internlm2", "InternLM2ForCausalLM", kNone, true},
    {"minicpm", "minicpm", "MiniCPMForCausalLM", kNone, true},
    {"deepseek", "deepseek", "DeepseekForCausalLM", kDeepSeek, true},
    {"olmo", "olmo", "OlmoForCausalLM", kNone, true},
    {"xverse", "xverse", "XverseForCausalLM", kNone, true},
    {"qwen2", "qwen2", "Qwen2ForCausalLM", kNone},
    {"qwen2moe", "qwen2_moe", "Qwen2MoeForCausalLM", kNone},
    {"qwen3", "qwen3", "Qwen3ForCausalLM", kNone},
    {"qwen3moe", "qwen3_moe", "Qwen3MoeForCausalLM", kNone},
    {"olmoe", "olmoe", "OlmoeForCausalLM", kNone},
    {"olmo2", "olmo2", "Olmo2ForCausalLM", kFourNorms},
    {"deepseek2", "deepseek_v2", "DeepseekV2ForCausalLM", kDeepSeek},
    {"command-r", "cohere", "CohereForCausalLM", kNone},
    {"phi2", "phi", "PhiForCausalLM", kPhi2},
    {"phi3", "phi3", "Phi3ForCausalLM", kPhi3},
    {"starcoder2", "starcoder2", "Starcoder2ForCausalLM", kStarcoder2},
    {"stablelm", "stablelm", "StableLmForCausalLM", kStableLm},
    {"gemma", "gemma", "GemmaForCausalLM", kNone, false, true},
    {"gemma2", "gemma2", "Gemma2ForCausalLM", kFourNorms, false, true},
    {"gemma3", "gemma3_text", "Gemma3ForCausalLM", kFourNorms, false, true},
    {"nemotron", "nemotron", "NemotronForCausalLM", kNone, false, true},
    {"gpt2", "gpt2", "GPT2LMHeadModel", kGpt2, false, false, false, true},
    {"gptneox", "gpt_neox", "GPTNeoXForCausalLM", kGptNeoX, false, false, true},
    {"bloom", "bloom", "BloomForCausalLM", kBloom, false, false, true},
    {"falcon", "falcon", "FalconForCausalLM", kFalcon, false, false, true},
    {"mpt", "mpt", "MptForCausalLM", kMpt},
    {"bert", "bert", "BertModel", kBert},
};

}  // namespace

const GgufArchitecture* find_gguf_architecture(std::string_view name) {
  const auto* found = std::ranges::find(kArchitectures, name, &GgufArchitecture::name);
  return found == std::end(kArchitectures) ? nullptr : found;
}

std::span<const GgufNameRule> llama_gguf_names() { return kLlama; }

}  // namespace prov::model
