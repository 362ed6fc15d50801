// How alike the embeddings of two models lay out the same tokens, whatever the basis of their
// residual streams.
#pragma once

#include <optional>

#include "numeric/matrix.hpp"

namespace prov::forensics {

/// Pearson correlation of the token-token cosines of two embeddings, [-1, 1], after each has lost
/// its mean and its 16 main components. Those carry what every model learns from like text
/// (frequency, word class): with them, strangers of one data set reach 0.99; without them, what is
/// left is mostly the random start. Row i of both matrices is one token; widths may differ. Blind
/// to a permuted, rotated or scaled residual stream. std::nullopt below 64 tokens or if nothing
/// varies. A description, not a test. Exactly symmetric. Thread-safe.
std::optional<double> token_geometry_correlation(const numeric::Matrix& a,
                                                 const numeric::Matrix& b);

}  // namespace prov::forensics
