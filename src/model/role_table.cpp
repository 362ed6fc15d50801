// Naming rules as data. A family lists what it adds; docs/roles.md says how to add one.
#include "model/role_table.hpp"

namespace prov::model {
namespace {

using enum RoleKind;
using enum Layout;

constexpr Wrapper kWrappers[] = {
    {"model", {}},
    {"transformer", {}},
    {"base_model", {}},
    {"module", {}},
    {"_orig_mod", {}},
    {"backbone", {}},
    {"language_model", {}},
    {"gpt_neox", {}},
    {"bert", {}},
    {"roberta", {}},
    {"xlm_roberta", {}},
    {"distilbert", {}},
    {"albert", {}},
    {"deberta", {}},
    {"electra", {}},
    {"mpnet", {}},
    {"auto_model", {}},
    {"text_model", Tower::text},
    {"vit", Tower::vision},
    {"visual", Tower::vision},
    {"vision_model", Tower::vision},
    {"vision_tower", Tower::vision},
    {"audio_tower", Tower::audio},
};

constexpr ParameterSuffix kParameterSuffixes[] = {
    {"weight", Parameter::weight},
    {"bias", Parameter::bias},
    // LayerNorm in checkpoints converted from TensorFlow
    {"gamma", Parameter::weight},
    {"beta", Parameter::bias},
    // GPTQ, AWQ
    {"qweight", Parameter::other},
    {"qzeros", Parameter::other},
    {"scales", Parameter::other},
    {"g_idx", Parameter::other},
    // FP8 and compressed-tensors
    {"weight_scale", Parameter::other},
    {"weight_scale_inv", Parameter::other},
    {"weight_scale_2", Parameter::other},
    {"weight_global_scale", Parameter::other},
    {"weight_packed", Parameter::other},
    {"weight_shape", Parameter::other},
    {"weight_zero_point", Parameter::other},
    {"weight_g_idx", Parameter::other},
    {"input_scale", Parameter::other},
    {"input_global_scale", Parameter::other},
    {"input_zero_point", Parameter::other},
    {"output_scale", Parameter::other},
    {"k_scale", Parameter::other},
    {"v_scale", Parameter::other},
    // bitsandbytes
    {"SCB", Parameter::other},
    {"weight_format", Parameter::other},
};

// Llama, Mistral, Qwen 2, Baichuan, InternLM 1, Granite, StableLM, OLMo and many more.
constexpr RoleRule kLlama[] = {
    {"embed_tokens", token_embedding},
    {"norm", final_norm},
    {"lm_head", output_head},
    {"score", classifier},
    {"classifier", classifier},
    {"layers.{L}.input_layernorm", attention_norm},
    {"layers.{L}.self_attn.q_proj", query},
    {"layers.{L}.self_attn.k_proj", key},
    {"layers.{L}.self_attn.v_proj", value},
    {"layers.{L}.self_attn.o_proj", attention_output},
    {"layers.{L}.self_attn.rotary_emb.inv_freq", rotary_frequencies, plain, kNoIndex,
     Parameter::other},
    {"rotary_emb.inv_freq", rotary_frequencies, plain, kNoIndex, Parameter::other},
    {"layers.{L}.self_attn.k_scale", key, plain, kNoIndex, Parameter::other},
    {"layers.{L}.self_attn.v_scale", value, plain, kNoIndex, Parameter::other},
    {"layers.{L}.post_attention_layernorm", mlp_norm},
    {"layers.{L}.mlp.gate_proj", gate},
    {"layers.{L}.mlp.up_proj", up},
    {"layers.{L}.mlp.down_proj", down},
};

// The names of Meta's own Llama files and of InternLM 2. wqkv is fused per key-value head.
constexpr RoleRule kMetaLlama[] = {
    {"tok_embeddings", token_embedding},
    {"output", output_head},
    {"rope.freqs", rotary_frequencies, plain, kNoIndex, Parameter::other},
    {"layers.{L}.attention_norm", attention_norm},
    {"layers.{L}.attention.wq", query},
    {"layers.{L}.attention.wk", key},
    {"layers.{L}.attention.wv", value},
    {"layers.{L}.attention.wqkv", qkv, interleaved},
    {"layers.{L}.attention.wo", attention_output},
    {"layers.{L}.ffn_norm", mlp_norm},
    {"layers.{L}.feed_forward.w1", gate},
    {"layers.{L}.feed_forward.w2", down},
    {"layers.{L}.feed_forward.w3", up},
};

// Fused projections in the Llama layout: Phi 3, GLM 4 (gate_up_proj), Baichuan (W_pack).
constexpr RoleRule kLlamaFused[] = {
    {"layers.{L}.self_attn.qkv_proj", qkv, stacked},
    {"layers.{L}.self_attn.W_pack", qkv, stacked},
    {"layers.{L}.mlp.gate_up_proj", gate_up, stacked},
};

// Norms on queries and keys (Qwen 3, Cohere, OLMo 2, Gemma 3, StableLM 2) and after a part (Gemma
// 2, OLMo 2, GLM 4). StableLM 2 keeps one norm for each head.
constexpr RoleRule kMoreNorms[] = {
    {"layers.{L}.self_attn.q_norm", query_norm},
    {"layers.{L}.self_attn.k_norm", key_norm},
    {"layers.{L}.self_attn.q_layernorm", query_norm},
    {"layers.{L}.self_attn.k_layernorm", key_norm},
    {"layers.{L}.self_attn.q_layernorm.norms.{*}", query_norm, plain, kNoIndex, Parameter::other},
    {"layers.{L}.self_attn.k_layernorm.norms.{*}", key_norm, plain, kNoIndex, Parameter::other},
    {"layers.{L}.pre_feedforward_layernorm", mlp_norm},
    {"layers.{L}.post_feedforward_layernorm", post_mlp_norm},
    {"layers.{L}.post_self_attn_layernorm", post_attention_norm},
    {"layers.{L}.post_mlp_layernorm", post_mlp_norm},
};

// Mixtral and PhiMoE; Granite MoE stacks its experts.
constexpr RoleRule kMixtral[] = {
    {"layers.{L}.block_sparse_moe.gate", router},
    {"layers.{L}.block_sparse_moe.experts.{E}.w1", gate},
    {"layers.{L}.block_sparse_moe.experts.{E}.w2", down},
    {"layers.{L}.block_sparse_moe.experts.{E}.w3", up},
    {"layers.{L}.block_sparse_moe.router.layer", router},
    {"layers.{L}.block_sparse_moe.input_linear", gate_up, stacked, kAllExperts},
    {"layers.{L}.block_sparse_moe.output_linear", down, plain, kAllExperts},
    {"layers.{L}.shared_mlp.input_linear", gate_up, stacked, kSharedExpert},
    {"layers.{L}.shared_mlp.output_linear", down, plain, kSharedExpert},
};

// Qwen 2 MoE, Qwen 3 MoE, OLMoE, DeepSeek.
constexpr RoleRule kExperts[] = {
    {"layers.{L}.mlp.gate", router},
    {"layers.{L}.mlp.router", router},
    {"layers.{L}.mlp.gate.e_score_correction_bias", router, plain, kNoIndex, Parameter::bias},
    {"layers.{L}.mlp.experts.{E}.gate_proj", gate},
    {"layers.{L}.mlp.experts.{E}.up_proj", up},
    {"layers.{L}.mlp.experts.{E}.down_proj", down},
    {"layers.{L}.mlp.experts.gate_up_proj", gate_up, stacked, kAllExperts},
    {"layers.{L}.mlp.experts.down_proj", down, plain, kAllExperts},
    {"layers.{L}.mlp.shared_expert.gate_proj", gate, plain, kSharedExpert},
    {"layers.{L}.mlp.shared_expert.up_proj", up, plain, kSharedExpert},
    {"layers.{L}.mlp.shared_expert.down_proj", down, plain, kSharedExpert},
    {"layers.{L}.mlp.shared_expert_gate", shared_expert_router},
    {"layers.{L}.mlp.shared_experts.gate_proj", gate, plain, kSharedExpert},
    {"layers.{L}.mlp.shared_experts.up_proj", up, plain, kSharedExpert},
    {"layers.{L}.mlp.shared_experts.down_proj", down, plain, kSharedExpert},
};

// Latent attention of DeepSeek V2 and V3, and the layer of V3 that predicts one more token.
constexpr RoleRule kDeepSeek[] = {
    {"layers.{L}.self_attn.q_a_proj", query_down},
    {"layers.{L}.self_attn.q_a_layernorm", query_down_norm},
    {"layers.{L}.self_attn.q_b_proj", query_up},
    {"layers.{L}.self_attn.kv_a_proj_with_mqa", kv_down},
    {"layers.{L}.self_attn.kv_a_layernorm", kv_down_norm},
    {"layers.{L}.self_attn.kv_b_proj", kv_up, interleaved},
    {.pattern = "layers.{L}.embed_tokens", .kind = token_embedding, .tower = Tower::speculative},
    {.pattern = "layers.{L}.enorm", .kind = embedding_norm, .tower = Tower::speculative},
    {.pattern = "layers.{L}.hnorm", .kind = hidden_norm, .tower = Tower::speculative},
    {.pattern = "layers.{L}.eh_proj", .kind = embedding_projection, .tower = Tower::speculative},
    {.pattern = "layers.{L}.shared_head.norm", .kind = final_norm, .tower = Tower::speculative},
    {.pattern = "layers.{L}.shared_head.head", .kind = output_head, .tower = Tower::speculative},
};

// Phi 1, 1.5 and 2; StarCoder 2; the mixer names are those of the first Phi files.
constexpr RoleRule kPhi[] = {
    {"final_layernorm", final_norm},
    {"layers.{L}.self_attn.dense", attention_output},
    {"layers.{L}.mlp.fc1", up},
    {"layers.{L}.mlp.fc2", down},
    {"layers.{L}.mlp.c_fc", up},
    {"layers.{L}.mlp.c_proj", down},
    {"embd.wte", token_embedding},
    {"h.{L}.ln", attention_norm},
    {"h.{L}.mixer.Wqkv", qkv, stacked},
    {"h.{L}.mixer.out_proj", attention_output},
    {"h.{L}.mixer.rotary_emb.inv_freq", rotary_frequencies, plain, kNoIndex, Parameter::other},
    {"h.{L}.mlp.fc1", up},
    {"h.{L}.mlp.fc2", down},
    {"lm_head.ln", final_norm},
    {"lm_head.linear", output_head},
};

// GPT-2 keeps Conv1D matrices, [in, out]. StarCoder (gpt_bigcode) and Qwen 1 use its names for
// [out, in].
constexpr RoleRule kGpt2[] = {
    {"wte", token_embedding},
    {"wpe", position_embedding},
    {"ln_f", final_norm},
    {"h.{L}.ln_1", attention_norm},
    {"h.{L}.attn.c_attn", qkv, stacked_transposed},
    {"h.{L}.attn.c_proj", attention_output, transposed},
    {"h.{L}.attn.bias", attention_mask_buffer, plain, kNoIndex, Parameter::other},
    {"h.{L}.attn.masked_bias", attention_mask_buffer, plain, kNoIndex, Parameter::other},
    {"h.{L}.ln_2", mlp_norm},
    {"h.{L}.mlp.c_fc", up, transposed},
    {"h.{L}.mlp.c_proj", down, transposed},
};

// y = c_proj(w1(x) * silu(w2(x))): w2 is the gate.
constexpr RoleRule kQwen1[] = {
    {"h.{L}.mlp.w1", up},
    {"h.{L}.mlp.w2", gate},
};

// GPT-J; GPT-Neo nests one more `attention`.
constexpr RoleRule kGptJ[] = {
    {"h.{L}.attn.q_proj", query},
    {"h.{L}.attn.k_proj", key},
    {"h.{L}.attn.v_proj", value},
    {"h.{L}.attn.out_proj", attention_output},
    {"h.{L}.mlp.fc_in", up},
    {"h.{L}.mlp.fc_out", down},
    {"h.{L}.attn.attention.q_proj", query},
    {"h.{L}.attn.attention.k_proj", key},
    {"h.{L}.attn.attention.v_proj", value},
    {"h.{L}.attn.attention.out_proj", attention_output},
    {"h.{L}.attn.attention.bias", attention_mask_buffer, plain, kNoIndex, Parameter::other},
    {"h.{L}.attn.attention.masked_bias", attention_mask_buffer, plain, kNoIndex, Parameter::other},
};

// GPT-NeoX and Pythia; ChatGLM 1 has nearly the same names.
constexpr RoleRule kGptNeoX[] = {
    {"embed_in", token_embedding},
    {"embed_out", output_head},
    {"final_layer_norm", final_norm},
    {"layers.{L}.attention.query_key_value", qkv, interleaved},
    {"layers.{L}.attention.dense", attention_output},
    {"layers.{L}.attention.bias", attention_mask_buffer, plain, kNoIndex, Parameter::other},
    {"layers.{L}.attention.masked_bias", attention_mask_buffer, plain, kNoIndex, Parameter::other},
    {"layers.{L}.attention.rotary_emb.inv_freq", rotary_frequencies, plain, kNoIndex,
     Parameter::other},
    {"layers.{L}.mlp.dense_h_to_4h", up},
    {"layers.{L}.mlp.dense_4h_to_h", down},
};

// Falcon and BLOOM.
constexpr RoleRule kBloom[] = {
    {"word_embeddings", token_embedding},
    {"word_embeddings_layernorm", embedding_norm},
    {"h.{L}.input_layernorm", attention_norm},
    {"h.{L}.ln_attn", attention_norm},
    {"h.{L}.self_attention.query_key_value", qkv, interleaved},
    {"h.{L}.self_attention.dense", attention_output},
    {"h.{L}.self_attention.rotary_emb.inv_freq", rotary_frequencies, plain, kNoIndex,
     Parameter::other},
    {"h.{L}.post_attention_layernorm", mlp_norm},
    {"h.{L}.ln_mlp", mlp_norm},
    {"h.{L}.mlp.dense_h_to_4h", up},
    {"h.{L}.mlp.dense_4h_to_h", down},
};

// ChatGLM 2, 3 and the remote-code GLM 4: queries, then keys, then values; dense_h_to_4h is gate
// and up.
constexpr RoleRule kChatGlm[] = {
    {"embedding.word_embeddings", token_embedding},
    {"rotary_pos_emb.inv_freq", rotary_frequencies, plain, kNoIndex, Parameter::other},
    {"output_layer", output_head},
    {"encoder.final_layernorm", final_norm},
    {"encoder.layers.{L}.input_layernorm", attention_norm},
    {"encoder.layers.{L}.self_attention.query_key_value", qkv, stacked},
    {"encoder.layers.{L}.self_attention.dense", attention_output},
    {"encoder.layers.{L}.post_attention_layernorm", mlp_norm},
    {"encoder.layers.{L}.mlp.dense_h_to_4h", gate_up, stacked},
    {"encoder.layers.{L}.mlp.dense_4h_to_h", down},
};

constexpr RoleRule kMpt[] = {
    {"norm_f", final_norm},
    {"blocks.{L}.norm_1", attention_norm},
    {"blocks.{L}.attn.Wqkv", qkv, stacked},
    {"blocks.{L}.attn.q_ln", query_norm},
    {"blocks.{L}.attn.k_ln", key_norm},
    {"blocks.{L}.attn.out_proj", attention_output},
    {"blocks.{L}.norm_2", mlp_norm},
    {"blocks.{L}.ffn.up_proj", up},
    {"blocks.{L}.ffn.down_proj", down},
};

// OLMo 1 as its authors published it (the -hf files have Llama names). ff_proj: up first, then
// gate.
constexpr RoleRule kOlmo1[] = {
    {"ff_out", output_head},
    {"blocks.{L}.att_proj", qkv, stacked},
    {"blocks.{L}.attn_out", attention_output},
    {"blocks.{L}.ff_proj", up_gate, stacked},
    {"blocks.{L}.ff_out", down},
};

// BERT, RoBERTa, ELECTRA, MiniLM, DeBERTa: the norms come after the part they belong to.
constexpr RoleRule kBert[] = {
    {"embeddings.word_embeddings", token_embedding},
    {"embeddings.position_embeddings", position_embedding},
    {"embeddings.token_type_embeddings", type_embedding},
    {"embeddings.LayerNorm", embedding_norm},
    {"embeddings.position_ids", position_ids, plain, kNoIndex, Parameter::other},
    {"embeddings.token_type_ids", position_ids, plain, kNoIndex, Parameter::other},
    {"encoder.layer.{L}.attention.self.query", query},
    {"encoder.layer.{L}.attention.self.key", key},
    {"encoder.layer.{L}.attention.self.value", value},
    {"encoder.layer.{L}.attention.self.distance_embedding", relative_position_embedding},
    {"encoder.layer.{L}.attention.output.dense", attention_output},
    {"encoder.layer.{L}.attention.output.LayerNorm", post_attention_norm},
    {"encoder.layer.{L}.intermediate.dense", up},
    {"encoder.layer.{L}.output.dense", down},
    {"encoder.layer.{L}.output.LayerNorm", post_mlp_norm},
    {"pooler.dense", pooler},
    {"cls.predictions.transform.dense", output_head_transform},
    {"cls.predictions.transform.LayerNorm", output_head_norm},
    {"cls.predictions.decoder", output_head},
    // a copy of cls.predictions.bias
    {"cls.predictions.decoder.bias", output_head, plain, kNoIndex, Parameter::other},
    {"cls.predictions.bias", output_head, plain, kNoIndex, Parameter::bias},
    {"cls.seq_relationship", classifier},
    {"qa_outputs", classifier},
};

constexpr RoleRule kRoberta[] = {
    {"lm_head.dense", output_head_transform},
    {"lm_head.layer_norm", output_head_norm},
    {"lm_head.decoder", output_head},
    {"lm_head.decoder.bias", output_head, plain, kNoIndex, Parameter::other},
    {"classifier.dense", pooler},
    {"classifier.out_proj", classifier},
};

constexpr RoleRule kElectra[] = {
    {"embeddings_project", embedding_projection},
    {"generator_predictions.dense", output_head_transform},
    {"generator_predictions.LayerNorm", output_head_norm},
    {"generator_lm_head", output_head},
    {"discriminator_predictions.dense", pooler},
    {"discriminator_predictions.dense_prediction", classifier},
};

// DeBERTa 1 fuses per head (in_proj); DeBERTa 2 and 3 have three projections and sometimes a
// convolution.
constexpr RoleRule kDeberta[] = {
    {"embeddings.embed_proj", embedding_projection},
    {"encoder.rel_embeddings", relative_position_embedding},
    {"encoder.LayerNorm", relative_position_norm},
    {"encoder.conv.conv", convolution},
    {"encoder.conv.LayerNorm", convolution_norm},
    {"encoder.layer.{L}.attention.self.in_proj", qkv, interleaved},
    {"encoder.layer.{L}.attention.self.q_bias", query, plain, kNoIndex, Parameter::bias},
    {"encoder.layer.{L}.attention.self.v_bias", value, plain, kNoIndex, Parameter::bias},
    {"encoder.layer.{L}.attention.self.pos_proj", relative_position_key},
    {"encoder.layer.{L}.attention.self.pos_q_proj", relative_position_query},
    {"encoder.layer.{L}.attention.self.query_proj", query},
    {"encoder.layer.{L}.attention.self.key_proj", key},
    {"encoder.layer.{L}.attention.self.value_proj", value},
    {"encoder.layer.{L}.attention.self.pos_key_proj", relative_position_key},
    {"encoder.layer.{L}.attention.self.pos_query_proj", relative_position_query},
    {"lm_predictions.lm_head.dense", output_head_transform},
    {"lm_predictions.lm_head.LayerNorm", output_head_norm},
    {"lm_predictions.lm_head", output_head},
};

constexpr RoleRule kDistilBert[] = {
    {"layer.{L}.attention.q_lin", query},
    {"layer.{L}.attention.k_lin", key},
    {"layer.{L}.attention.v_lin", value},
    {"layer.{L}.attention.out_lin", attention_output},
    {"layer.{L}.sa_layer_norm", post_attention_norm},
    {"layer.{L}.ffn.lin1", up},
    {"layer.{L}.ffn.lin2", down},
    {"layer.{L}.output_layer_norm", post_mlp_norm},
    {"vocab_transform", output_head_transform},
    {"vocab_layer_norm", output_head_norm},
    {"vocab_projector", output_head},
    {"pre_classifier", pooler},
};

// ALBERT shares layers; a group of layers stands for one.
constexpr RoleRule kAlbert[] = {
    {"encoder.embedding_hidden_mapping_in", embedding_projection},
    {"encoder.albert_layer_groups.{L}.albert_layers.0.attention.query", query},
    {"encoder.albert_layer_groups.{L}.albert_layers.0.attention.key", key},
    {"encoder.albert_layer_groups.{L}.albert_layers.0.attention.value", value},
    {"encoder.albert_layer_groups.{L}.albert_layers.0.attention.dense", attention_output},
    {"encoder.albert_layer_groups.{L}.albert_layers.0.attention.LayerNorm", post_attention_norm},
    {"encoder.albert_layer_groups.{L}.albert_layers.0.ffn", up},
    {"encoder.albert_layer_groups.{L}.albert_layers.0.ffn_output", down},
    {"encoder.albert_layer_groups.{L}.albert_layers.0.full_layer_layer_norm", post_mlp_norm},
    {"pooler", pooler},
    {"predictions.dense", output_head_transform},
    {"predictions.LayerNorm", output_head_norm},
    {"predictions.decoder", output_head},
    {"predictions.decoder.bias", output_head, plain, kNoIndex, Parameter::other},
    {"predictions.bias", output_head, plain, kNoIndex, Parameter::bias},
    {"sop_classifier.classifier", classifier},
};

// MPNet: BERT with its own attention names.
constexpr RoleRule kMpnet[] = {
    {"encoder.relative_attention_bias", relative_position_bias},
    {"encoder.layer.{L}.attention.attn.q", query},
    {"encoder.layer.{L}.attention.attn.k", key},
    {"encoder.layer.{L}.attention.attn.v", value},
    {"encoder.layer.{L}.attention.attn.o", attention_output},
    {"encoder.layer.{L}.attention.LayerNorm", post_attention_norm},
};

constexpr RoleRule kModernBert[] = {
    {"embeddings.tok_embeddings", token_embedding},
    {"embeddings.norm", embedding_norm},
    {"final_norm", final_norm},
    {"layers.{L}.attn_norm", attention_norm},
    {"layers.{L}.attn.Wqkv", qkv, stacked},
    {"layers.{L}.attn.Wo", attention_output},
    {"layers.{L}.mlp_norm", mlp_norm},
    {"layers.{L}.mlp.Wi", gate_up, stacked},
    {"layers.{L}.mlp.Wo", down},
    {"head.dense", output_head_transform},
    {"head.norm", output_head_norm},
    {"decoder", output_head},
};

// T5, mT5, UMT5. wi_0 goes through the activation: it is the gate.
constexpr RoleRule kT5Encoder[] = {
    {.pattern = "shared", .kind = token_embedding, .tower = Tower::text},
    {"encoder.embed_tokens", token_embedding},
    {"encoder.final_layer_norm", final_norm},
    {"encoder.block.{L}.layer.0.layer_norm", attention_norm},
    {"encoder.block.{L}.layer.0.SelfAttention.q", query},
    {"encoder.block.{L}.layer.0.SelfAttention.k", key},
    {"encoder.block.{L}.layer.0.SelfAttention.v", value},
    {"encoder.block.{L}.layer.0.SelfAttention.o", attention_output},
    {"encoder.block.{L}.layer.0.SelfAttention.relative_attention_bias", relative_position_bias},
    {"encoder.block.{L}.layer.1.layer_norm", mlp_norm},
    {"encoder.block.{L}.layer.1.DenseReluDense.wi", up},
    {"encoder.block.{L}.layer.1.DenseReluDense.wi_0", gate},
    {"encoder.block.{L}.layer.1.DenseReluDense.wi_1", up},
    {"encoder.block.{L}.layer.1.DenseReluDense.wo", down},
};

constexpr RoleRule kT5Decoder[] = {
    {"decoder.embed_tokens", token_embedding},
    {"decoder.final_layer_norm", final_norm},
    {"decoder.block.{L}.layer.0.layer_norm", attention_norm},
    {"decoder.block.{L}.layer.0.SelfAttention.q", query},
    {"decoder.block.{L}.layer.0.SelfAttention.k", key},
    {"decoder.block.{L}.layer.0.SelfAttention.v", value},
    {"decoder.block.{L}.layer.0.SelfAttention.o", attention_output},
    {"decoder.block.{L}.layer.0.SelfAttention.relative_attention_bias", relative_position_bias},
    {"decoder.block.{L}.layer.1.layer_norm", cross_attention_norm},
    {"decoder.block.{L}.layer.1.EncDecAttention.q", cross_query},
    {"decoder.block.{L}.layer.1.EncDecAttention.k", cross_key},
    {"decoder.block.{L}.layer.1.EncDecAttention.v", cross_value},
    {"decoder.block.{L}.layer.1.EncDecAttention.o", cross_attention_output},
    // left in the first T5 files; not used by the model
    {"decoder.block.{L}.layer.1.EncDecAttention.relative_attention_bias", relative_position_bias,
     plain, kNoIndex, Parameter::other},
    {"decoder.block.{L}.layer.2.layer_norm", mlp_norm},
    {"decoder.block.{L}.layer.2.DenseReluDense.wi", up},
    {"decoder.block.{L}.layer.2.DenseReluDense.wi_0", gate},
    {"decoder.block.{L}.layer.2.DenseReluDense.wi_1", up},
    {"decoder.block.{L}.layer.2.DenseReluDense.wo", down},
};

// BART, MBart, Marian, M2M-100; the text and vision towers of CLIP and SigLIP share the attention
// names.
constexpr RoleRule kBartEncoder[] = {
    {"encoder.embed_positions", position_embedding},
    {"encoder.layernorm_embedding", embedding_norm},
    {"encoder.layer_norm", final_norm},
    {"encoder.layers.{L}.self_attn.q_proj", query},
    {"encoder.layers.{L}.self_attn.k_proj", key},
    {"encoder.layers.{L}.self_attn.v_proj", value},
    {"encoder.layers.{L}.self_attn.out_proj", attention_output},
    {"encoder.layers.{L}.self_attn_layer_norm", attention_norm},
    {"encoder.layers.{L}.fc1", up},
    {"encoder.layers.{L}.fc2", down},
    {"encoder.layers.{L}.final_layer_norm", mlp_norm},
};

// The decoder; without an encoder beside it (OPT) it is the text tower, see assign_roles.
constexpr RoleRule kBartDecoder[] = {
    {"decoder.embed_positions", position_embedding},
    {"decoder.layernorm_embedding", embedding_norm},
    {"decoder.layer_norm", final_norm},
    {"decoder.project_in", embedding_projection},
    {"decoder.project_out", output_head_transform},
    {"decoder.layers.{L}.self_attn.q_proj", query},
    {"decoder.layers.{L}.self_attn.k_proj", key},
    {"decoder.layers.{L}.self_attn.v_proj", value},
    {"decoder.layers.{L}.self_attn.out_proj", attention_output},
    {"decoder.layers.{L}.self_attn_layer_norm", attention_norm},
    {"decoder.layers.{L}.encoder_attn.q_proj", cross_query},
    {"decoder.layers.{L}.encoder_attn.k_proj", cross_key},
    {"decoder.layers.{L}.encoder_attn.v_proj", cross_value},
    {"decoder.layers.{L}.encoder_attn.out_proj", cross_attention_output},
    {"decoder.layers.{L}.encoder_attn_layer_norm", cross_attention_norm},
    {"decoder.layers.{L}.fc1", up},
    {"decoder.layers.{L}.fc2", down},
    {"decoder.layers.{L}.final_layer_norm", mlp_norm},
    {.pattern = "final_logits_bias",
     .kind = output_head,
     .parameter = Parameter::bias,
     .tower = Tower::text},
    {.pattern = "classification_head.dense", .kind = pooler, .tower = Tower::text},
    {.pattern = "classification_head.out_proj", .kind = classifier, .tower = Tower::text},
};

constexpr RoleRule kMamba[] = {
    {"embeddings", token_embedding},
    {"embedding", token_embedding},
    {"layers.{L}.norm", attention_norm},
    {"layers.{L}.mixer.in_proj", ssm_in, stacked},
    {"layers.{L}.mixer.conv1d", ssm_conv},
    {"layers.{L}.mixer.x_proj", ssm_x},
    {"layers.{L}.mixer.dt_proj", ssm_dt},
    {"layers.{L}.mixer.dt_bias", ssm_dt, plain, kNoIndex, Parameter::bias},
    {"layers.{L}.mixer.A_log", ssm_a_log},
    {"layers.{L}.mixer.D", ssm_d},
    {"layers.{L}.mixer.norm", ssm_norm},
    {"layers.{L}.mixer.out_proj", ssm_out},
};

// ViT as an image classifier; its MLP has BERT's names.
constexpr RoleRule kVit[] = {
    {"embeddings.cls_token", class_embedding},
    {"embeddings.patch_embeddings.projection", patch_embedding},
    {"encoder.layer.{L}.layernorm_before", attention_norm},
    {"encoder.layer.{L}.attention.attention.query", query},
    {"encoder.layer.{L}.attention.attention.key", key},
    {"encoder.layer.{L}.attention.attention.value", value},
    {"encoder.layer.{L}.layernorm_after", mlp_norm},
    {"layernorm", final_norm},
};

// CLIP and SigLIP. "pre_layrnorm" is how CLIP's files spell it.
constexpr RoleRule kClip[] = {
    {"embeddings.class_embedding", class_embedding},
    {"embeddings.patch_embedding", patch_embedding},
    {"embeddings.position_embedding", position_embedding},
    {"pre_layrnorm", embedding_norm},
    {"post_layernorm", final_norm},
    {"encoder.layers.{L}.layer_norm1", attention_norm},
    {"encoder.layers.{L}.layer_norm2", mlp_norm},
    {"encoder.layers.{L}.mlp.fc1", up},
    {"encoder.layers.{L}.mlp.fc2", down},
    {"visual_projection", projector},
    {.pattern = "embeddings.token_embedding", .kind = token_embedding, .tower = Tower::text},
    {.pattern = "text_projection", .kind = projector, .tower = Tower::text},
    {.pattern = "logit_scale", .kind = logit_scale, .tower = Tower::text},
};

// The vision tower of Qwen 2-VL and 2.5-VL, behind "visual.".
constexpr RoleRule kQwenVision[] = {
    {"patch_embed.proj", patch_embedding}, {"blocks.{L}.norm1", attention_norm},
    {"blocks.{L}.attn.qkv", qkv, stacked}, {"blocks.{L}.attn.proj", attention_output},
    {"blocks.{L}.norm2", mlp_norm},        {"blocks.{L}.mlp.fc1", up},
    {"blocks.{L}.mlp.fc2", down},          {"blocks.{L}.mlp.gate_proj", gate},
    {"blocks.{L}.mlp.up_proj", up},        {"blocks.{L}.mlp.down_proj", down},
    {"merger.ln_q", projector_norm},       {"merger.mlp.{L}", projector},
};

// LLaVA and Gemma 3: from the vision tower to the text model.
constexpr RoleRule kProjector[] = {
    {.pattern = "multi_modal_projector.linear_1", .kind = projector, .layer = 0},
    {.pattern = "multi_modal_projector.linear_2", .kind = projector, .layer = 1},
    {.pattern = "multi_modal_projector.linear", .kind = projector},
    {.pattern = "multi_modal_projector.mm_input_projection_weight", .kind = projector},
    {.pattern = "multi_modal_projector.mm_soft_emb_norm", .kind = projector_norm},
    {.pattern = "mm_projector.{L}", .kind = projector},
};

constexpr NamingFamily kFamilies[] = {
    {"Llama", Tower::text, kLlama},
    {"Meta Llama, InternLM 2", Tower::text, kMetaLlama},
    {"Llama with fused projections", Tower::text, kLlamaFused},
    {"Llama with more norms", Tower::text, kMoreNorms},
    {"Mixtral", Tower::text, kMixtral},
    {"Qwen and DeepSeek experts", Tower::text, kExperts},
    {"DeepSeek", Tower::text, kDeepSeek},
    {"Phi", Tower::text, kPhi},
    {"GPT-2", Tower::text, kGpt2},
    {"Qwen 1", Tower::text, kQwen1},
    {"GPT-J", Tower::text, kGptJ},
    {"GPT-NeoX", Tower::text, kGptNeoX},
    {"Falcon, BLOOM", Tower::text, kBloom},
    {"ChatGLM", Tower::text, kChatGlm},
    {"MPT", Tower::text, kMpt},
    {"OLMo 1", Tower::text, kOlmo1},
    {"BERT", Tower::text, kBert},
    {"RoBERTa", Tower::text, kRoberta},
    {"ELECTRA", Tower::text, kElectra},
    {"DeBERTa", Tower::text, kDeberta},
    {"DistilBERT", Tower::text, kDistilBert},
    {"ALBERT", Tower::text, kAlbert},
    {"MPNet", Tower::text, kMpnet},
    {"ModernBERT", Tower::text, kModernBert},
    {"T5 encoder", Tower::encoder, kT5Encoder},
    {"T5 decoder", Tower::decoder, kT5Decoder},
    {"BART encoder", Tower::encoder, kBartEncoder},
    {"BART decoder", Tower::decoder, kBartDecoder},
    {"Mamba", Tower::text, kMamba},
    {"ViT", Tower::vision, kVit},
    {"CLIP", Tower::vision, kClip},
    {"Qwen vision", Tower::vision, kQwenVision},
    {"projector", Tower::vision, kProjector},
};

}  // namespace

std::span<const NamingFamily> naming_families() { return kFamilies; }
std::span<const Wrapper> wrappers() { return kWrappers; }
std::span<const ParameterSuffix> parameter_suffixes() { return kParameterSuffixes; }

}  // namespace prov::model
