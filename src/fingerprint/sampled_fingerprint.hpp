// The fingerprint of a model of which only a small part is read, because every byte must come over
// a network: of a model of 7 B parameters 3 % (docs/fingerprint.md).
//
//   codes and samples  as of all the weights: they are samples of few rows anyway
//   words, responses   of the MLPs of the layer in the middle alone
//   weights            a hash of what was read: equal for equal weights, but changes elsewhere do
//                      not show; never equal to a hash of all weights
//   tensor hashes      none
#pragma once

#include <stop_token>

#include "fingerprint/fingerprint.hpp"
#include "model/model.hpp"
#include "provenancekit/result.hpp"

namespace prov::fingerprint {

/// The same weights give the same fingerprint, as with FingerprintReader, from wherever they come.
/// Errors: those of reading; cancelled.
Result<WeightFingerprint> read_sampled_fingerprint(const model::Model& model,
                                                   const std::stop_token& stop);

}  // namespace prov::fingerprint
