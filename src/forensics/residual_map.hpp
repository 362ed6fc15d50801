// Where the residual stream of one model lies in that of the other: recovered from the embeddings,
// so that hidden units can be compared although the stream was permuted, mirrored or rotated.
//
// Both embeddings are written in at most 128 dimensions, spanned by the same combinations of tokens
// in both (row_combinations in main_subspace.hpp), so that a rotation of the stream rotates the
// span with it; the orthogonal map between them is the polar factor of the cross product
// (Procrustes; Schoenemann 1966), fitted on every second token. The quality of the fit is no
// evidence: independent models of one data set fit too (0.94 in a simulation with shared
// semantics). What the map predicts outside the embeddings is (unit_match.hpp).
#pragma once

#include <cstddef>
#include <optional>

#include "numeric/matrix.hpp"

namespace prov::forensics {

struct ResidualMap {
  numeric::Matrix from_a, from_b;  // k x width: a row r of a model becomes r * from^T
  double held_out_cosine = 0;      // of tokens that took no part in the fit
  std::size_t tokens = 0;          // fitted on
};

/// `a` and `b`: embedding rows of the same tokens. std::nullopt below 64 tokens or where a matrix
/// is zero or not finite. Exactly symmetric. Deterministic.
std::optional<ResidualMap> recover_residual_map(const numeric::Matrix& a, const numeric::Matrix& b);

/// rows * from^T.
numeric::Matrix mapped(const numeric::Matrix& rows, const numeric::Matrix& from);

}  // namespace prov::forensics
