// The tests of order and geometry of two models' hidden units (forensics/hidden_axis.hpp), without
// the weights.
#pragma once

#include "fingerprint/fingerprint.hpp"
#include "forensics/hidden_axis.hpp"

namespace prov::fingerprint {

/// Permutation z of 64 units x 64 coordinates of the sampled MLPs, all pairs; their geometry where
/// the order shows nothing. Symmetric: swapping the models transposes the tables. Thread-safe.
forensics::HiddenAxis compare_samples(const Standard& a, const Standard& b);

}  // namespace prov::fingerprint
