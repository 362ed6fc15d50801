#include "model/assign_roles.hpp"

#include <algorithm>
#include <set>

namespace prov::model {
namespace {

void settle_post_attention_norms(std::span<Tensor> tensors) {
  const auto named = [](std::string_view part) {
    return
        [part](const Tensor& tensor) { return tensor.info.name.find(part) != std::string::npos; };
  };
  if (std::ranges::none_of(tensors, named("_feedforward_layernorm"))) return;
  for (Tensor& tensor : tensors) {
    if (tensor.role.kind == RoleKind::mlp_norm && named("post_attention_layernorm")(tensor)) {
      tensor.role.kind = RoleKind::post_attention_norm;
    }
  }
}

/// Fused attention and the way up into an MLP are wider than the model: stored as [in, out] they
/// have more columns than rows.
bool is_stored_plain(const Tensor& tensor) {
  const Role& role = tensor.role;
  const bool transposed_by_name =
      role.layout == Layout::transposed || role.layout == Layout::stacked_transposed;
  const bool widening = role.kind == RoleKind::qkv || role.kind == RoleKind::up;
  const auto& shape = tensor.info.shape;
  return transposed_by_name && widening && shape.size() == 2 && shape[0] > shape[1];
}

void settle_conv1d(std::span<Tensor> tensors) {
  if (std::ranges::none_of(tensors, is_stored_plain)) return;
  for (Tensor& tensor : tensors) {
    Layout& layout = tensor.role.layout;
    if (layout == Layout::transposed) layout = Layout::plain;
    if (layout == Layout::stacked_transposed) layout = Layout::stacked;
  }
}

/// gpt-oss stores its experts as [experts, in, out]. Nobody else gives stacked experts biases.
void settle_biased_experts(std::span<Tensor> tensors) {
  const auto is_bias = [](const Tensor& tensor) {
    return tensor.info.name.ends_with(".experts.gate_up_proj_bias");
  };
  if (std::ranges::none_of(tensors, is_bias)) return;
  for (Tensor& tensor : tensors) {
    Role& role = tensor.role;
    if (role.expert != kAllExperts) continue;
    if (role.kind == RoleKind::gate_up) role.layout = Layout::stacked_transposed;
    if (role.kind == RoleKind::down) role.layout = Layout::transposed;
  }
}

void settle_lone_decoder(std::span<Tensor> tensors) {
  const auto in_encoder = [](const Tensor& tensor) { return tensor.role.tower == Tower::encoder; };
  if (std::ranges::any_of(tensors, in_encoder)) return;
  for (Tensor& tensor : tensors) {
    if (tensor.role.tower == Tower::decoder) tensor.role.tower = Tower::text;
  }
}

void settle_speculative_layers(std::span<Tensor> tensors) {
  std::set<int> speculative;
  for (const Tensor& tensor : tensors) {
    if (tensor.role.tower == Tower::speculative && tensor.role.layer >= 0) {
      speculative.insert(tensor.role.layer);
    }
  }
  for (Tensor& tensor : tensors) {
    if (tensor.role.tower == Tower::text && speculative.contains(tensor.role.layer)) {
      tensor.role.tower = Tower::speculative;
    }
  }
}

}  // namespace

void assign_roles(std::span<Tensor> tensors) {
  for (Tensor& tensor : tensors) tensor.role = role_of(tensor.info.name);
  settle_post_attention_norms(tensors);
  settle_conv1d(tensors);
  settle_biased_experts(tensors);
  settle_lone_decoder(tensors);
  settle_speculative_layers(tensors);
}

}  // namespace prov::model
