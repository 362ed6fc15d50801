#pragma once

#include <span>
#include <stop_token>

#include "fingerprint/fingerprint.hpp"
#include "model/model.hpp"
#include "provenancekit/result.hpp"
#include "signals/weight_signals.hpp"

namespace prov::fingerprint {

/// `tensors`: what the pass over all weights recorded of each (signals::read_weight_signals). Reads
/// the MLPs once more and samples of the rest. The same weights give the same fingerprint whatever
/// the shards, the order in a file, the container of 16- or 32-bit floats, threads and the CPU.
/// Memory: a few rows a thread, at most eight threads. Errors: those of reading; cancelled.
Result<WeightFingerprint> read_fingerprint(const model::Model& model,
                                           std::span<const signals::TensorRecord> tensors,
                                           const std::stop_token& stop);

}  // namespace prov::fingerprint
