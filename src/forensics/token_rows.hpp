// What the embedding and the head of two models say about the same tokens: the basis in which
// neurons can be compared although nothing else lines up.
#pragma once

#include <cstddef>
#include <string>

#include "model/mlp.hpp"
#include "model/model.hpp"
#include "numeric/matrix.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// How many tokens are wanted; the heads are those of the first ones.
struct TokenCounts {
  std::size_t embeddings = 0, heads = 0;
};

/// Row i of all four belongs to one token. Widths of a and b may differ.
struct TokenRows {
  std::string missing;     // why there are none; empty otherwise
  bool by_text = true;     // false: by id, because a tokenizer is missing
  std::size_t common = 0;  // tokens of both vocabularies
  numeric::Matrix embedding_a, embedding_b;
  numeric::Matrix head_a,
      head_b;  // output head (the embedding where it is tied) times the final gain
};

/// At most `wanted.embeddings` tokens that both vocabularies have (canonical_token.hpp), of two
/// bytes or more, in the order of a fixed hash of their bytes; tokens whose row is weak in either
/// model (norm below a fifth of the median: hardly ever trained) are passed over. Errors: those of
/// reading.
Result<TokenRows> read_token_rows(const model::Model& a, model::NormConvention norm_a,
                                  const model::Model& b, model::NormConvention norm_b,
                                  TokenCounts wanted);

}  // namespace prov::forensics
