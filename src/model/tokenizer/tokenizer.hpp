#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provenancekit/result.hpp"
#include "source/snapshot.hpp"

namespace prov::model {

enum class TokenizerModel { none, bpe, unigram, wordpiece, wordlevel };

/// Which files a tokenizer was read from.
enum class TokenizerFormat {
  tokenizer_json,
  sentencepiece,
  tiktoken,
  vocab_and_merges,
  vocab_txt,
  gguf
};

struct AddedToken {
  std::uint32_t id = 0;
  std::string content;
  bool single_word = false, lstrip = false, rstrip = false, normalized = true, special = false;

  friend bool operator==(const AddedToken&, const AddedToken&) = default;
};

/// A tokenizer as its files describe it. The pipeline parts are kept as compact JSON text in the
/// key order of the `tokenizers` library ("null" where absent); the vocabulary and the merges are
/// parsed. Token texts are bytes: UTF-8, or the raw bytes of tiktoken-style vocabularies.
struct Tokenizer {
  // pipeline, compact JSON
  std::string truncation = "null", padding = "null", normalizer = "null", pre_tokenizer = "null",
              post_processor = "null", decoder = "null";
  std::vector<AddedToken> added_tokens;  // ascending ids

  TokenizerFormat format = TokenizerFormat::tokenizer_json;
  TokenizerModel model = TokenizerModel::none;
  std::vector<std::pair<std::string, std::uint32_t>>
      vocabulary;              // of the model, ascending ids; without added tokens
  std::vector<double> scores;  // unigram, one for each entry of `vocabulary`: as the `tokenizers`
                               // library reads them
  std::vector<double> written_scores;  // the same, correctly rounded: the library's own reader is
                                       // off by an ulp at times
  std::vector<std::pair<std::string, std::string>> merges;  // bpe, by rank
  std::string unk_token;  // "" where absent (with has_unk_token false)
  bool has_unk_token = false;
  std::optional<std::uint32_t> unk_id;  // unigram
  std::optional<std::string> continuing_subword_prefix, end_of_word_suffix;
  std::optional<double> dropout;
  std::uint32_t max_input_chars_per_word = 100;  // wordpiece
  bool fuse_unk = false, byte_fallback = false, ignore_merges = false;

  /// SentencePiece only: the pieces that the trainer's settings name.
  std::optional<std::string> bos_piece, eos_piece, unk_piece;

  std::vector<std::string> files;  // names of the files it came from, for messages
};

/// Every token text with its id, added tokens included, by ascending id; a text occurs once. Views
/// into `tokenizer`.
std::vector<std::pair<std::string_view, std::uint32_t>> full_vocabulary(const Tokenizer& tokenizer);

/// Reads tokenizer.json, else a SentencePiece tokenizer.model / spiece.model /
/// sentencepiece.bpe.model, else vocab.json + merges.txt, else vocab.txt. std::nullopt if the
/// snapshot has none of them. Errors: malformed, too_large, duplicate, each with file, offset where
/// known, and field.
Result<std::optional<Tokenizer>> read_tokenizer(const source::Snapshot& snapshot);

/// Encodes short texts (words, digits, characters) as the tokenizer would: normaliser,
/// pre-tokenizer, model; added tokens matched first; no special tokens added. Thread-safe once
/// made.
class TextEncoder {
 public:
  /// Builds look-up tables; `tokenizer` must outlive the encoder. Unknown pipeline parts are
  /// skipped (listed in `skipped`).
  explicit TextEncoder(const Tokenizer& tokenizer);
  ~TextEncoder();
  TextEncoder(TextEncoder&&) noexcept;

  /// Token ids; empty if nothing can be encoded.
  std::vector<std::uint32_t> encode(std::string_view text) const;
  const std::vector<std::string>& skipped() const;

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace prov::model
