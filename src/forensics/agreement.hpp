// How far weights of one role lie apart: the effect size beside the tests, and the picture of what
// was changed.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "forensics/tensor_pairs.hpp"
#include "provenancekit/result.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::forensics {

struct Agreement {
  std::vector<RoleAgreement> roles;  // ordered by role name
  double strongest_matrix_cosine =
      0;  // over attention and MLP matrices; norms and biases agree by recipe, not by descent
  std::string strongest_matrix;                // its name in `a`
  std::optional<double> nearest_layer_cosine;  // mean over such matrices of one layer, for the
                                               // layer where it is highest
  bool every_sample_equal = false;  // all pairs have one shape, and all sampled elements are equal
  std::uint64_t sampled_elements = 0;
};

/// Compares each pair of one shape on 64 of its rows (runs of 8, at most 131072 elements; vectors
/// up to that length whole). Rows are those of the last dimension. Transposed and fused matrices
/// are compared as they are stored. A tensor of zeros has no cosine and is left out of the mean.
/// Parallel over pairs. Errors: those of reading; cancelled.
Result<Agreement> compare_roles(const model::Checkpoint& a, const model::Checkpoint& b,
                                const TensorPairing& pairing, const std::stop_token& stop);

}  // namespace prov::forensics
