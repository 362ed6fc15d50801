// The tokenizer inside a GGUF file (tokenizer.ggml.*).
#pragma once

#include <optional>
#include <string>

#include "format/gguf_metadata.hpp"
#include "model/tokenizer/tokenizer.hpp"
#include "provenancekit/result.hpp"

namespace prov::model {

/// tokenizer.ggml.model: "gpt2" is byte-level BPE, "llama" SentencePiece BPE, "t5" Unigram, "bert"
/// WordPiece; of any other only the vocabulary is taken. Control and user-defined tokens are added
/// tokens; tokens without text, unused ones and repetitions of a text are left out (the converter
/// pads vocabularies). Merges of tokens that are not there are left out. nullopt if the file holds
/// no tokens. `file` is for messages. Errors: too_large, malformed for arrays of different lengths.
Result<std::optional<Tokenizer>> read_gguf_tokenizer(const format::GgufMetadata& metadata,
                                                     const std::string& file);

}  // namespace prov::model
