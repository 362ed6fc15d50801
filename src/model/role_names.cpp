#include <fmt/format.h>

#include <algorithm>

#include "model/role.hpp"

namespace prov::model {

std::string role_name(const Role& role) {
  std::string text;
  if (role.layer >= 0) text += fmt::format("layer {} ", role.layer);
  if (role.expert >= 0) text += fmt::format("expert {} ", role.expert);
  if (role.expert == kSharedExpert) text += "shared expert ";
  if (role.expert == kAllExperts) text += "all experts ";
  text += role_kind_name(role.kind);
  std::ranges::replace(text, '_', ' ');
  switch (role.parameter) {
    case Parameter::weight:
      break;
    case Parameter::bias:
      text += " bias";
      break;
    case Parameter::other:
      text += " other";
      break;
  }
  switch (role.tower) {
    case Tower::text:
      break;
    case Tower::encoder:
      text += " (encoder)";
      break;
    case Tower::decoder:
      text += " (decoder)";
      break;
    case Tower::vision:
      text += " (vision)";
      break;
    case Tower::audio:
      text += " (audio)";
      break;
    case Tower::speculative:
      text += " (speculative)";
      break;
  }
  return text;
}

std::string_view role_kind_name(RoleKind kind) {
  using enum RoleKind;
  switch (kind) {
    case unknown:
      return "unknown";
    case token_embedding:
      return "token_embedding";
    case position_embedding:
      return "position_embedding";
    case type_embedding:
      return "type_embedding";
    case embedding_norm:
      return "embedding_norm";
    case embedding_projection:
      return "embedding_projection";
    case final_norm:
      return "final_norm";
    case output_head:
      return "output_head";
    case output_head_transform:
      return "output_head_transform";
    case output_head_norm:
      return "output_head_norm";
    case logit_scale:
      return "logit_scale";
    case pooler:
      return "pooler";
    case classifier:
      return "classifier";
    case position_ids:
      return "position_ids";
    case attention_norm:
      return "attention_norm";
    case query:
      return "query";
    case key:
      return "key";
    case value:
      return "value";
    case qkv:
      return "qkv";
    case kv:
      return "kv";
    case attention_output:
      return "attention_output";
    case query_norm:
      return "query_norm";
    case key_norm:
      return "key_norm";
    case relative_position_bias:
      return "relative_position_bias";
    case rotary_frequencies:
      return "rotary_frequencies";
    case attention_mask_buffer:
      return "attention_mask_buffer";
    case relative_position_embedding:
      return "relative_position_embedding";
    case relative_position_norm:
      return "relative_position_norm";
    case relative_position_query:
      return "relative_position_query";
    case relative_position_key:
      return "relative_position_key";
    case convolution:
      return "convolution";
    case convolution_norm:
      return "convolution_norm";
    case query_down:
      return "query_down";
    case query_up:
      return "query_up";
    case query_down_norm:
      return "query_down_norm";
    case kv_down:
      return "kv_down";
    case kv_up:
      return "kv_up";
    case kv_down_norm:
      return "kv_down_norm";
    case cross_attention_norm:
      return "cross_attention_norm";
    case cross_query:
      return "cross_query";
    case cross_key:
      return "cross_key";
    case cross_value:
      return "cross_value";
    case cross_attention_output:
      return "cross_attention_output";
    case mlp_norm:
      return "mlp_norm";
    case gate:
      return "gate";
    case up:
      return "up";
    case gate_up:
      return "gate_up";
    case up_gate:
      return "up_gate";
    case down:
      return "down";
    case router:
      return "router";
    case shared_expert_router:
      return "shared_expert_router";
    case post_attention_norm:
      return "post_attention_norm";
    case post_mlp_norm:
      return "post_mlp_norm";
    case hidden_norm:
      return "hidden_norm";
    case ssm_in:
      return "ssm_in";
    case ssm_conv:
      return "ssm_conv";
    case ssm_x:
      return "ssm_x";
    case ssm_dt:
      return "ssm_dt";
    case ssm_a_log:
      return "ssm_a_log";
    case ssm_d:
      return "ssm_d";
    case ssm_out:
      return "ssm_out";
    case ssm_norm:
      return "ssm_norm";
    case patch_embedding:
      return "patch_embedding";
    case class_embedding:
      return "class_embedding";
    case projector:
      return "projector";
    case projector_norm:
      return "projector_norm";
  }
  return "unknown";
}

}  // namespace prov::model
