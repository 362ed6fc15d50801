// Tokens of different tokenizers made comparable: the bytes that a token stands for.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "model/tokenizer/tokenizer.hpp"

namespace prov::model {

/// Bytes of a token to its id. Spellings of one kind of token become one: the visible bytes of
/// byte-level vocabularies, the lower line of SentencePiece for a space, its <0x0A> for a byte,
/// WordPiece's ## for what continues a word (its word starts get the space that others write).
/// Added tokens (specials, padding) are left out: unrelated models share their names, and their
/// rows are often never trained. Where two ids stand for the same bytes the lower one stays.
using CanonicalVocabulary = std::unordered_map<std::string, std::uint32_t>;

CanonicalVocabulary canonical_vocabulary(const Tokenizer& tokenizer);

}  // namespace prov::model
