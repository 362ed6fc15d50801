// The readers behind read_tokenizer, one a format. Each takes the bytes of its files and their
// names for messages.
#pragma once

#include <string>
#include <string_view>

#include "model/tokenizer/added_vocabulary.hpp"
#include "model/tokenizer/tokenizer.hpp"

namespace prov::model {

/// Limits of every format; real files reach 35 MB and 262,144 tokens.
inline constexpr std::uint64_t kMaxTokenizerBytes = std::uint64_t{256} << 20;
inline constexpr std::size_t kMaxVocabulary = 4'000'000;
inline constexpr std::size_t kMaxMerges = 8'000'000;
inline constexpr std::size_t kMaxTokenBytes = 64 << 10;
inline constexpr std::uint32_t kMaxTokenId = 0x7FFFFFFF;

Result<Tokenizer> parse_tokenizer_json(std::string_view text, const std::string& file);
Result<Tokenizer> parse_sentencepiece(std::string_view bytes, const std::string& file);
Result<Tokenizer> parse_vocab_and_merges(std::string_view vocab, const std::string& vocab_file,
                                         std::string_view merges, const std::string& merges_file);
/// Lines "base64(token) rank": token texts are raw bytes, the model is none (ranks are ids; there
/// is no pipeline in the file).
Result<Tokenizer> parse_tiktoken(std::string_view text, const std::string& file);
/// A file of ranks also calls itself tokenizer.model; its first line tells.
bool looks_like_tiktoken(std::string_view text);
Result<Tokenizer> parse_vocab_txt(std::string_view text, const std::string& file);

/// Merges for a vocabulary of SentencePiece pieces: every split of a piece into two pieces, by id
/// of the whole, then length of the left part, as transformers 5.5 makes what the file itself does
/// not hold. Error too_large for absurdly long pieces.
Result<void> generate_merges(Tokenizer& tokenizer, const std::string& file);

/// Sorts by id (stable) after checking texts and counts, and indexes the texts. Errors: duplicate
/// for a text that occurs twice, too_large.
Result<VocabularyIndex> settle_vocabulary(Tokenizer& tokenizer, const std::string& file);

/// Checks that every merge joins tokens of the vocabulary into one of it, and drops all but the
/// last of equal merges, as the `tokenizers` library does. Errors: malformed with field
/// "merges[i]".
Result<void> settle_merges(Tokenizer& tokenizer, const VocabularyIndex& index,
                           const std::string& file);

}  // namespace prov::model
