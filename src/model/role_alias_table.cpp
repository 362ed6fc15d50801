// Words for the parts of a transformer, as data, for names that no naming family explains.
#include "model/role_alias_table.hpp"

namespace prov::model {
namespace {

using enum AliasPlace;
using enum RoleKind;

constexpr RoleAlias kAliases[] = {
    {"wq", anywhere_in_layer, query},
    {"q_proj", anywhere_in_layer, query},
    {"to_q", anywhere_in_layer, query},
    {"query", anywhere_in_layer, query},
    {"q", attention, query},
    {"wk", anywhere_in_layer, key},
    {"k_proj", anywhere_in_layer, key},
    {"to_k", anywhere_in_layer, key},
    {"key", anywhere_in_layer, key},
    {"k", attention, key},
    {"wv", anywhere_in_layer, value},
    {"v_proj", anywhere_in_layer, value},
    {"to_v", anywhere_in_layer, value},
    {"value", anywhere_in_layer, value},
    {"v", attention, value},
    {"qkv", anywhere_in_layer, qkv},
    {"wqkv", anywhere_in_layer, qkv},
    {"to_qkv", anywhere_in_layer, qkv},
    {"query_key_value", anywhere_in_layer, qkv},
    {"o_proj", anywhere_in_layer, attention_output},
    {"wo", attention, attention_output},
    {"to_out", attention, attention_output},
    {"o", attention, attention_output},
    {"out", attention, attention_output},
    {"output", attention, attention_output},
    {"dense", attention, attention_output},
    {"q_norm", attention, query_norm},
    {"k_norm", attention, key_norm},
    {"gate", mlp, gate},
    {"w1", mlp, gate},
    {"up", mlp, up},
    {"w3", mlp, up},
    {"fc_in", mlp, up},
    {"fc1", mlp, up},
    {"c_fc", mlp, up},
    {"lin1", mlp, up},
    {"wi", mlp, up},
    {"dense_h_to_4h", mlp, up},
    {"down", mlp, down},
    {"w2", mlp, down},
    {"fc_out", mlp, down},
    {"fc2", mlp, down},
    {"lin2", mlp, down},
    {"wo", mlp, down},
    {"dense_4h_to_h", mlp, down},
    {"gate_proj", anywhere_in_layer, gate},
    {"up_proj", anywhere_in_layer, up},
    {"down_proj", anywhere_in_layer, down},
    {"input_layernorm", anywhere_in_layer, attention_norm},
    {"attention_norm", anywhere_in_layer, attention_norm},
    {"attn_norm", anywhere_in_layer, attention_norm},
    {"norm_attn", anywhere_in_layer, attention_norm},
    {"ln_attn", anywhere_in_layer, attention_norm},
    {"attn_ln", anywhere_in_layer, attention_norm},
    {"pre_attention_norm", anywhere_in_layer, attention_norm},
    {"norm1", anywhere_in_layer, attention_norm},
    {"norm_1", anywhere_in_layer, attention_norm},
    {"ln1", anywhere_in_layer, attention_norm},
    {"ln_1", anywhere_in_layer, attention_norm},
    {"rms1", anywhere_in_layer, attention_norm},
    {"rms_1", anywhere_in_layer, attention_norm},
    {"post_attention_layernorm", anywhere_in_layer, mlp_norm},
    {"ffn_norm", anywhere_in_layer, mlp_norm},
    {"mlp_norm", anywhere_in_layer, mlp_norm},
    {"norm_mlp", anywhere_in_layer, mlp_norm},
    {"ln_mlp", anywhere_in_layer, mlp_norm},
    {"mlp_ln", anywhere_in_layer, mlp_norm},
    {"norm2", anywhere_in_layer, mlp_norm},
    {"norm_2", anywhere_in_layer, mlp_norm},
    {"ln2", anywhere_in_layer, mlp_norm},
    {"ln_2", anywhere_in_layer, mlp_norm},
    {"rms2", anywhere_in_layer, mlp_norm},
    {"rms_2", anywhere_in_layer, mlp_norm},
    {"wte", outside_layers, token_embedding},
    {"embed", outside_layers, token_embedding},
    {"embedding", outside_layers, token_embedding},
    {"embed_tokens", outside_layers, token_embedding},
    {"tok_emb", outside_layers, token_embedding},
    {"tok_embeddings", outside_layers, token_embedding},
    {"token_embedding", outside_layers, token_embedding},
    {"word_embeddings", outside_layers, token_embedding},
    {"wpe", outside_layers, position_embedding},
    {"pos_emb", outside_layers, position_embedding},
    {"position_embedding", outside_layers, position_embedding},
    {"lm_head", outside_layers, output_head},
    {"unembed", outside_layers, output_head},
    {"head", outside_layers, output_head},
    {"output", outside_layers, output_head},
    {"embed_out", outside_layers, output_head},
    {"norm", outside_layers, final_norm},
    {"ln_f", outside_layers, final_norm},
    {"norm_f", outside_layers, final_norm},
    {"final_norm", outside_layers, final_norm},
    {"final_layernorm", outside_layers, final_norm},
};

constexpr std::string_view kAttention[] = {"attn", "attention", "mha"};
constexpr std::string_view kMlp[] = {"mlp", "ffn", "feed_forward", "feedforward"};
constexpr std::string_view kDecorations[] = {"_proj", "_projection", "_linear", "_dense", "linear_",
                                             "proj_", "_matrix",     "_weight", "_w"};
// Adapters hold changes, optimisers hold moments; the rest belongs to towers and parts that a
// language model may share with strangers.
constexpr std::string_view kNone[] = {"lora",   "adapter", "exp_avg", "optim",   "ema",
                                      "vision", "visual",  "image",   "audio",   "speech",
                                      "cross",  "expert",  "unet",    "time",    "rotary",
                                      "bias_",  "scale",   "zero",    "qweight", "g_idx"};

}  // namespace

std::span<const RoleAlias> role_aliases() { return kAliases; }
std::span<const std::string_view> attention_words() { return kAttention; }
std::span<const std::string_view> mlp_words() { return kMlp; }
std::span<const std::string_view> segment_decorations() { return kDecorations; }
std::span<const std::string_view> words_without_alias() { return kNone; }

}  // namespace prov::model
