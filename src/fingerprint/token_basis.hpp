// The tokens in which the neurons of one model are described, chosen without looking at any other
// model: so that two models choose the same tokens wherever their vocabularies have them.
//
// Canonical strings (model/canonical_token.hpp) of two bytes or more, in the order of a hash of
// their bytes: of two vocabularies the first n share about as large a part as the whole
// vocabularies do (bottom-k sampling), so that tokenizers need not be equal. Tokens that were
// hardly ever trained are passed over: in all models their rows are alike
// (docs/fingerprint.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/mlp.hpp"
#include "model/model.hpp"
#include "numeric/matrix.hpp"

namespace prov::fingerprint {

struct TokenBasis {
  std::string missing;              // why there are no tokens; empty otherwise
  bool by_text = true;              // false: no tokenizer, ids stand for tokens
  std::vector<std::uint64_t> keys;  // of the tokens' bytes, ascending, no key twice
  numeric::Matrix embedding;        // keys x width, as stored
  numeric::Matrix head;             // keys x width (forensics::read_head_rows)
};

/// At most `wanted` tokens. Errors: those of reading.
Result<TokenBasis> read_token_basis(const model::Model& model, model::NormConvention convention,
                                    std::size_t wanted);

}  // namespace prov::fingerprint
