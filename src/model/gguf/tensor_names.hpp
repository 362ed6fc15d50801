// From the names in a GGUF file to those that the same tensors have in the model's own files.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace prov::model {

/// "blk.{L}.<stem>.<parameter>" or "<stem>.<parameter>" and the name of the module elsewhere, with
/// {L} for the layer and {E} for an expert of a stack.
struct GgufNameRule {
  std::string_view stem;
  std::string_view module;
};

/// What llama.cpp's converter does to the tensors of an architecture.
struct GgufArchitecture {
  std::string_view name;              // general.architecture
  std::string_view model_type;        // of config.json
  std::string_view class_name;        // of config.json
  std::span<const GgufNameRule> own;  // rules that go before those of Llama
  bool rotary_pairs = false;          // rows of queries and keys are reordered
  bool gains_plus_one = false;        // norms are stored with 1 added
  bool parts_apart = false;           // fused attention is taken apart part by part
  bool conv1d = false;                // matrices of layers are transposed
};

/// Null for an architecture that is not known.
const GgufArchitecture* find_gguf_architecture(std::string_view name);

/// A translated name: of one tensor, or with {E} of each of a stack. nullopt where no rule fits.
/// `architecture` may be null: then Llama's rules hold.
std::optional<std::string> translated_name(const GgufArchitecture* architecture,
                                           std::string_view name);

/// Llama's rules, which most architectures share.
std::span<const GgufNameRule> llama_gguf_names();

}  // namespace prov::model
