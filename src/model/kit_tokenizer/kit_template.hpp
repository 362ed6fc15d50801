#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/kit_tokenizer/kit_class.hpp"
#include "model/kit_tokenizer/kit_settings.hpp"
#include "model/tokenizer/added_vocabulary.hpp"

namespace prov::model {

using Defaults = std::array<std::string_view, kNamedTokens>;

/// The tokenizer that a class makes: vocabulary and merges of the files, pipeline of the template,
/// truncation and padding of tokenizer.json, no added tokens. `settings` holds the class's defaults
/// already. Without files the built-in vocabulary.
Result<Tokenizer> rebuild(const ClassTemplate& shape, const KitSettings& settings,
                          const std::optional<Tokenizer>& files);

/// The generic class: tokenizer.json as it is; a SentencePiece model in the library's minimal
/// pipeline.
Tokenizer generic_backend(const Tokenizer& files, const KitSettings& settings);

/// The pad token named inside the padding settings of tokenizer.json.
std::optional<std::string> padding_token(const Tokenizer& tokenizer);

/// TemplateProcessing from items "A:0", "B:1", "cls:0", "eos=</s>:0": a sequence or a named token
/// (with a fixed text in place of its own), and a type id.
std::string template_processing(std::string_view single, std::string_view pair,
                                const KitSettings& settings, const AddedVocabulary& vocabulary);

/// RobertaProcessing around the named tokens of the class.
std::string roberta_processing(const ClassTemplate& shape, const KitSettings& settings,
                               const AddedVocabulary& vocabulary);

}  // namespace prov::model
