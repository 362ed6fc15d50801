// The role that the words of an unknown name suggest.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/role.hpp"

namespace prov::model {

/// A suggestion, not yet held against the shapes of the checkpoint.
struct SuggestedRole {
  Role role;
  std::string pattern;  // the name with the layer number replaced by '#'
};

/// `rank`: dimensions of the tensor, which tell a norm's gain from a matrix where the name does
/// not end in a parameter. Absent where no alias fits, where two fit, or where the name holds more
/// than one number. Pure; thread-safe. Rules are data: role_alias_table.hpp.
std::optional<SuggestedRole> suggest_role(std::string_view name, std::size_t rank);

/// The number of the layer that a name holds; absent without one, or with several.
std::optional<int> layer_number(std::string_view name);

/// The name speaks of adapters, optimisers or other towers (words_without_alias()).
bool names_no_plain_part(std::string_view name);

/// A norm: its weight is a vector.
bool is_norm(RoleKind kind);

}  // namespace prov::model
