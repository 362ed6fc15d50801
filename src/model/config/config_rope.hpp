#pragma once

#include <nlohmann/json_fwd.hpp>

namespace prov::model {

/// Joins `rope_scaling`, `rope_theta` and their relatives in `file` into values["rope_parameters"],
/// in the way that `settings` (member "rope" of the facts of a class) describes. `values` holds the
/// declared attributes. Returns the keys of the file that were used up: they do not become
/// attributes. Source: transformers 5.5.0, RotaryEmbeddingConfigMixin and the classes that override
/// it.
nlohmann::json join_rope_settings(const nlohmann::json& settings, const nlohmann::json& file,
                                  nlohmann::json& values);

/// Gives `parameters`, or each of its per-layer parts, a `rope_type`.
void complete_rope_type(nlohmann::json& parameters);

}  // namespace prov::model
