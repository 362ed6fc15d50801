// The tokens that two models have in common, matched by the bytes that they stand for, so that a
// vocabulary in another order, an extended one, or one of another kind still lines up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/model.hpp"

namespace prov::forensics {

struct TokenPair {
  std::uint64_t order = 0;  // hash of the bytes (or of the id): a sample that no vocabulary chooses
  std::uint32_t a = 0, b = 0;  // rows of the embeddings
  bool short_text = false;     // one byte: single letters and stray bytes mean little
};

struct TokenPairing {
  bool by_text = true;           // false: by id, because a tokenizer is missing
  std::vector<TokenPair> pairs;  // in no particular order; empty if nothing is in common
};

/// The text model's embedding, else that of the first tower that has one; at most 65536 wide. Null
/// if there is none.
const model::Tensor* find_token_embedding(const model::Checkpoint& checkpoint);

/// Every token that both vocabularies have (model/canonical_token.hpp) with a row in both
/// embeddings. Without a tokenizer on either side ids are paired if the embeddings are equally
/// long.
TokenPairing pair_tokens(const model::Model& a, const model::Tensor& embedding_a,
                         const model::Model& b, const model::Tensor& embedding_b);

/// Equal ids of [0, rows), at most 1 M.
std::vector<TokenPair> pairs_by_id(std::uint64_t rows);

/// The first `most` in hash order; ids break ties, so that the choice is one whatever order they
/// came in.
std::vector<TokenPair> first_in_order(std::vector<TokenPair> pairs, std::size_t most);

}  // namespace prov::forensics
