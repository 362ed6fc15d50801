#pragma once

#include <span>
#include <string_view>

namespace prov::model {

/// What transformers 5.5 maps a model type to: by its name, and by the configuration class it
/// shares with others ("" if none).
struct TokenizerOfModel {
  std::string_view model_type, by_name, by_class;
};

/// A class that transformers can find by name. `actual` is the class's own name: some names are
/// aliases.
struct TokenizerClass {
  std::string_view name, actual;
  bool has_backend;  // false: pure Python, nothing that could be serialised
};

std::span<const TokenizerOfModel> tokenizers_of_models();
/// Model types whose files name a wrong class: the generic one is always taken.
std::span<const std::string_view> generic_by_force();
std::span<const TokenizerClass> tokenizer_classes();

}  // namespace prov::model
