// The configuration inside a GGUF file, as the config.json that says the same.
#pragma once

#include <optional>
#include <string>

#include "model/checkpoint.hpp"

namespace prov::model {

/// JSON text with the keys of transformers: model_type, architectures, sizes, RoPE, norms, ids of
/// special tokens; tie_word_embeddings from the tensors. Keys that the file lacks are left out, and
/// so are numbers that differ from layer to layer. An architecture that is not known gives its own
/// name as model_type. nullopt without `checkpoint.gguf` or general.architecture.
std::optional<std::string> gguf_config_text(const Checkpoint& checkpoint);

}  // namespace prov::model
