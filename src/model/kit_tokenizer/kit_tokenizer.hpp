#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/tokenizer/tokenizer.hpp"
#include "provenancekit/result.hpp"
#include "source/snapshot.hpp"

namespace prov::model {

/// The tokenizer as the published kit sees it: what AutoTokenizer of transformers 5.5 builds from
/// the files. Many classes throw away the pipeline of tokenizer.json and rebuild it from a template
/// of their own, so this is not the file. Value type. Sources: docs/tokenizers.md.
struct KitTokenizer {
  std::string class_name;  // of transformers 5.5, e.g. "TokenizersBackend", "GPT2Tokenizer"
  Tokenizer backend;       // pipeline, vocabulary and added tokens after the class has rebuilt them
  std::optional<std::int64_t> bos_token_id, eos_token_id, pad_token_id, unk_token_id, mask_token_id;
  std::vector<std::string> special_tokens;  // the kit's "all special tokens": each text once
  std::string hash;  // SHA-256, in hex, of the serialised backend: the kit's tokenizer_hash
  std::vector<std::string> notes;  // where the kit would have stopped, or ours cannot follow it
};

/// What decides about the class, beside the files of the snapshot.
struct KitTokenizerFacts {
  std::string model_type;              // of config.json; "" if unknown
  std::string config_tokenizer_class;  // key tokenizer_class of config.json; "" if absent
};

/// Builds the kit's tokenizer from `tokenizer` (what read_tokenizer gave, possibly nothing) and
/// from tokenizer_config.json, special_tokens_map.json and added_tokens.json of the snapshot.
/// Without any tokenizer file the result is what the class makes of nothing (llama: a
/// CodeLlamaTokenizer of 8 tokens). std::nullopt only if neither a vocabulary nor a class with a
/// built-in one is there. Errors: malformed, too_large.
Result<std::optional<KitTokenizer>> build_kit_tokenizer(const source::Snapshot& snapshot,
                                                        const std::optional<Tokenizer>& tokenizer,
                                                        const KitTokenizerFacts& facts);

}  // namespace prov::model
