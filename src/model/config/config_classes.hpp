#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace prov::model {

/// What is known of the configuration class of a model type (docs/signals/mfi.md lists the
/// members); nullptr if no class of transformers 5.5 has that type.
const nlohmann::json* find_config_class(std::string_view model_type);

/// The attributes that an object of the class has after it read `file`, as one object: class
/// defaults filled in, derived values computed, RoPE settings joined, each attribute under every
/// name that it answers to. For an unknown model type: the keys of the file as they stand. `file`
/// must be an object. Thread-safe.
nlohmann::json config_attributes(std::string_view model_type, const nlohmann::json& file);

/// What Python calls true: not null, false, zero or empty.
bool is_truthy(const nlohmann::json& value);

}  // namespace prov::model
