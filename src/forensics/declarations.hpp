// What a model's own files say about it and its origin. Anyone can write these: they are compared
// with the weights, never used as evidence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/model.hpp"

namespace prov::forensics {

struct Declarations {
  std::string name;  // last part of the reference, e.g. "llama-7b"
  std::optional<std::string> model_type;
  std::vector<std::string> origins;  // `_name_or_path` of config.json, the base of an adapter,
                                     // `base_model` of the model card, as written
  bool adapter = false;              // adapter_config.json: the weights are changes to a base model
  // config.json against the shapes of the tensors, one sentence each
  std::vector<std::string> contradictions;
};

/// Reads config.json and the front matter of README.md. What cannot be read is left out: opening
/// the model has reported it.
Declarations read_declarations(const model::Model& model);

/// The part after the last '/', in lower case, e.g. "llama-7b" for "org/Llama-7B".
std::string origin_name(std::string_view reference);

}  // namespace prov::forensics
