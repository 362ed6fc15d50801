// Rows of the embedding and of the output head for chosen tokens: the basis in which neurons of
// different models can be described.
#pragma once

#include <cstdint>
#include <vector>

#include "model/mlp.hpp"
#include "numeric/matrix.hpp"

namespace prov::forensics {

/// The rows `ids` of a matrix; non-finite values become 0. Errors: those of reading.
Result<numeric::Matrix> read_embedding_rows(const model::Checkpoint& checkpoint,
                                            const model::Tensor& tensor,
                                            const std::vector<std::uint32_t>& ids);

/// The rows of the output head, or `embedding` (the rows `ids` of the embedding) where it is tied,
/// with the gain of the last norm folded in. `vocabulary`: rows of the embedding; a head with fewer
/// is not used. Errors: those of reading.
Result<numeric::Matrix> read_head_rows(const model::Checkpoint& checkpoint,
                                       model::NormConvention convention,
                                       const numeric::Matrix& embedding,
                                       const std::vector<std::uint32_t>& ids,
                                       std::uint64_t vocabulary);

}  // namespace prov::forensics
