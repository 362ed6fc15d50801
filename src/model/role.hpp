#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace prov::model {

/// What a tensor does, whatever its name. A norm is named after the part it belongs to; whether it
/// stands before or after that part is the family's affair, except where both exist (`mlp_norm`
/// before, `post_mlp_norm` after).
enum class RoleKind {
  unknown,
  // embeddings and heads
  token_embedding,
  position_embedding,
  type_embedding,
  embedding_norm,
  embedding_projection,
  final_norm,
  output_head,
  output_head_transform,
  output_head_norm,
  logit_scale,
  pooler,
  classifier,
  position_ids,
  // attention; `qkv` and `kv` are fused projections. `attention_norm` also stands before the mixer
  // of a state space layer
  attention_norm,
  query,
  key,
  value,
  qkv,
  kv,
  attention_output,
  query_norm,
  key_norm,
  relative_position_bias,
  rotary_frequencies,
  attention_mask_buffer,
  // disentangled attention (DeBERTa)
  relative_position_embedding,
  relative_position_norm,
  relative_position_query,
  relative_position_key,
  convolution,
  convolution_norm,
  // multi-head latent attention (DeepSeek V2, V3)
  query_down,
  query_up,
  query_down_norm,
  kv_down,
  kv_up,
  kv_down_norm,
  // cross attention of decoders
  cross_attention_norm,
  cross_query,
  cross_key,
  cross_value,
  cross_attention_output,
  // feed-forward; `gate_up` is fused with the gate first, `up_gate` with the gate second
  mlp_norm,
  gate,
  up,
  gate_up,
  up_gate,
  down,
  router,
  shared_expert_router,
  post_attention_norm,
  post_mlp_norm,
  // multi-token prediction: the norm of the incoming hidden state (DeepSeek V3)
  hidden_norm,
  // state space models; `ssm_norm` is the norm inside the mixer (Mamba 2)
  ssm_in,
  ssm_conv,
  ssm_x,
  ssm_dt,
  ssm_a_log,
  ssm_d,
  ssm_out,
  ssm_norm,
  // vision and adapters
  patch_embedding,
  class_embedding,
  projector,
  projector_norm,
};

/// Which stack of layers a tensor belongs to.
enum class Tower { text, encoder, decoder, vision, audio, speculative };

/// Which of a module's parameters it is. `other`: buffers and the companions of quantised weights.
enum class Parameter { weight, bias, other };

/// How the stored matrix relates to y = W x with W of shape [out, in].
enum class Layout {
  plain,               // [out, in]
  transposed,          // Conv1D of GPT-2: [in, out]
  stacked,             // fused parts one after the other along the output axis
  stacked_transposed,  // the same in a Conv1D
  interleaved,  // fused per head group: q.. k v, q.. k v (GPT-NeoX, BLOOM, Falcon, InternLM 2)
};

inline constexpr int kNoIndex = -1;
inline constexpr int kSharedExpert = -2;
inline constexpr int kAllExperts = -3;  // all experts stacked in one tensor

/// The address of a tensor in a model. Within a model two weights, or two biases, never share one;
/// `other` may be shared.
struct Role {
  RoleKind kind = RoleKind::unknown;
  Tower tower = Tower::text;
  Parameter parameter = Parameter::weight;
  Layout layout = Layout::plain;
  int layer = kNoIndex;   // >= 0, or kNoIndex: not in a layer
  int expert = kNoIndex;  // >= 0, or one of the three constants

  friend auto operator<=>(const Role&, const Role&) = default;
};

/// The role that a naming rule gives to `name`; kind unknown if no rule explains it. Thread-safe.
/// Rules are data: role_table.cpp. A few families share names and differ in meaning: assign_roles
/// (assign_roles.hpp) looks at the whole checkpoint and settles those.
Role role_of(std::string_view name);

/// Stable text, e.g. "layer 3 gate", "layer 0 expert 2 down (vision)", "token embedding bias".
std::string role_name(const Role& role);
/// Stable snake_case text of a kind, e.g. "attention_output".
std::string_view role_kind_name(RoleKind kind);

}  // namespace prov::model
