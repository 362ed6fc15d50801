// Sampled hidden units of one MLP, prepared so that comparing it with another costs next to
// nothing: all pairs of layers of two models are compared.
#pragma once

#include <optional>

#include "forensics/gram_agreement.hpp"
#include "forensics/permutation_z.hpp"
#include "model/mlp.hpp"
#include "numeric/matrix.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// Units at fixed places, described by the coordinates of what they read and write.
struct OrderedUnits {
  numeric::Matrix rows;      // [gate | up | down^T], each part of unit length, then column-centred
  numeric::Matrix features;  // rows^T rows
  double norm2 = 0;          // ||rows||^2
};

/// How many units of an MLP are compared in their order, and in their geometry.
std::size_t ordered_units(const model::Mlp& mlp);
std::size_t measured_units(const model::Mlp& mlp);

/// Errors: those of reading.
Result<OrderedUnits> read_ordered_units(const model::Checkpoint& checkpoint, const model::Mlp& mlp,
                                        bool with_gate);
/// permutation_test (permutation_z.hpp) of the two samples, from the prepared products: the
/// variance is <A^T A, B^T B> / (n - 1).
std::optional<PermutationTest> order_agreement(const OrderedUnits& a, const OrderedUnits& b);

/// The angles between units, from whole rows of gate and up.
/// Errors: those of reading.
Result<CentredGram> read_unit_geometry(const model::Checkpoint& checkpoint, const model::Mlp& mlp,
                                       bool with_gate);

}  // namespace prov::forensics
