// Proof of identity: every value of both models, one by one.
#pragma once

#include <stop_token>

#include "forensics/tensor_pairs.hpp"
#include "provenancekit/progress.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// True if every pair holds equal values throughout. Content hashes are not cryptographic, so they
/// may only say where to look. Tensors of one dtype are compared byte by byte, others as the values
/// they stand for. Stops at the first difference; reads both models once. `progress` may be null.
/// Errors: those of reading; cancelled.
Result<bool> all_values_equal(const model::Checkpoint& a, const model::Checkpoint& b,
                              const TensorPairing& pairing, Progress* progress,
                              const std::stop_token& stop);

}  // namespace prov::forensics
