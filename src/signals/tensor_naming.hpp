// How the published kit reads tensor names: by substrings, blind to shapes and to the family. Kept
// for equal numbers only; everything else uses model::Role. Source: specification of the kit,
// section 6.1.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/checkpoint.hpp"

namespace prov::signals {

enum class KitCategory {
  q_proj,
  k_proj,
  v_proj,
  o_proj,
  gate_proj,
  up_proj,
  down_proj,
  embedding,
  norm,
  lm_head,
  other
};

/// Names with a larger layer number have no layer: a profile holds one number for each index up to
/// the largest.
inline constexpr std::uint32_t kMaxLayer = 65535;

/// First category with a keyword inside the lower-cased name. "word_embeddings.weight" is a
/// down_proj ("wo").
KitCategory kit_category(std::string_view name);

/// The digits of the leftmost `(layers?|h|block)\.\s*(\d+)\.`; none if there is no match or the
/// number is above kMaxLayer.
std::optional<std::uint32_t> kit_layer(std::string_view name);

/// True for every name with "norm", "ln_" or "post_attention" in it, weights and biases alike.
bool is_kit_norm_name(std::string_view name);

/// The tensor that EAS and END are computed from: the first of 21 well-known names that exists,
/// else the first tensor of rank 2 whose name contains "embed" or "wte" and not "position". An
/// index into `tensors` (kit_tensors, sorted by name).
std::optional<std::size_t> find_kit_embedding(std::span<const model::Tensor* const> tensors);

}  // namespace prov::signals
