// What became of the vocabulary between two models: the same, re-indexed, extended, cut, replaced.
#pragma once

#include <cstdint>
#include <string>

#include "model/model.hpp"

namespace prov::forensics {

/// Facts of the tokenizers and of the number of embedding rows. Tokenizers are declared, not
/// learned: a relation needs the rows to agree as well.
struct VocabularyChange {
  bool known = false;                        // both models have a tokenizer and an embedding
  std::uint64_t tokens_a = 0, tokens_b = 0;  // added tokens included
  std::uint64_t rows_a = 0, rows_b = 0;      // of the embedding
  std::uint64_t common = 0;                  // tokens of equal text
  std::uint64_t same_id = 0;                 // of them, with equal ids
  /// All tokens of the one keep their ids in the other, which has more tokens, all of them behind.
  bool b_appends = false, a_appends = false;
};

/// Reads tokenizers and shapes only.
VocabularyChange compare_vocabularies(const model::Model& a, const model::Model& b);

}  // namespace prov::forensics
