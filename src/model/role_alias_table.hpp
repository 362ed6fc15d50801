#pragma once

#include <span>
#include <string_view>

#include "model/role.hpp"

namespace prov::model {

/// What the other words of a name must say for an alias to count.
enum class AliasPlace { anywhere_in_layer, attention, mlp, outside_layers };

/// A word that authors of models use for a part, in lower case, as a whole segment of a name or
/// without what segments are decorated with ("q" of "q_proj").
struct RoleAlias {
  std::string_view word;
  AliasPlace place;
  RoleKind kind;
};

std::span<const RoleAlias> role_aliases();
/// A segment that contains one of these names the attention, or the MLP, of a layer.
std::span<const std::string_view> attention_words();
std::span<const std::string_view> mlp_words();
/// What segments begin or end with without a meaning of its own: "_proj", "linear_".
std::span<const std::string_view> segment_decorations();
/// A tensor whose name contains one of these is no plain part of a language model.
std::span<const std::string_view> words_without_alias();

}  // namespace prov::model
