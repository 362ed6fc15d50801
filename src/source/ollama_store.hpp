#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "provenancekit/result.hpp"

namespace prov::source {

/// The GGUF file of a model in Ollama's local store: OLLAMA_MODELS, else ~/.ollama/models, else
/// that of the system's service. `name` is "model", "model:tag", "namespace/model:tag" or with a
/// host before it; the tag is "latest" where none is given. Errors: not_found (with the tags that
/// are there), malformed for a manifest that is none, unsupported for a model stored tensor by
/// tensor, unsafe_path for a digest that is none.
Result<std::filesystem::path> find_ollama_model(std::string_view name);

}  // namespace prov::source
