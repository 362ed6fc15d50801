// Roles for checkpoints whose names no naming family explains.
#pragma once

#include <cstddef>
#include <span>

#include "model/checkpoint.hpp"

namespace prov::model {

/// Gives roles to tensors of unknown role, by the words of their names (role_alias.hpp) where the
/// shapes bear them out: one shape for a name in all layers, one tensor for each role, matrices
/// that fit one width of the residual stream. What is not decidable keeps no role. Touches nothing
/// where any tensor of a layer has a role already: names that the rules explain are never
/// reinterpreted. Returns how many tensors got a role. Reads names and shapes only.
std::size_t infer_roles_from_words(std::span<Tensor> tensors);

}  // namespace prov::model
