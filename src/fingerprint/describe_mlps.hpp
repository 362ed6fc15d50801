// The parts of a fingerprint that come from the MLPs of a model.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <vector>

#include "fingerprint/fingerprint.hpp"
#include "forensics/gram_agreement.hpp"
#include "model/mlp.hpp"
#include "model/model.hpp"
#include "provenancekit/result.hpp"

namespace prov::fingerprint {

/// The strengths of all units of the MLP of an index; empty where they are not known, and the MLP
/// must be read for them. No function: then bytes are dear, and memory is spent to read each once.
using KnownStrengths = std::function<std::vector<double>(std::size_t mlp)>;

/// Neuron words of all `mlps`, and responses of the units of kStandardMlps of them, into `result`;
/// or the reason why there are none. Errors: those of reading; cancelled.
Result<void> describe_mlps(const model::Model& model, const std::vector<model::Mlp>& mlps,
                           model::NormConvention convention, const KnownStrengths& known,
                           const std::stop_token& stop, WeightFingerprint& result);

/// At most `wanted` indices of `count`, evenly spread.
std::vector<std::size_t> spread(std::size_t count, std::size_t wanted);

/// Dense MLPs, or of each layer the first: experts have no fixed place.
std::vector<model::Mlp> one_of_each_layer(const std::vector<model::Mlp>& mlps);

/// Samples of kDepths of the layers, into `standard`, and the angles of their units. Errors: those
/// of reading; cancelled.
Result<std::vector<forensics::CentredGram>> sample_mlps(const model::Checkpoint& checkpoint,
                                                        const std::vector<model::Mlp>& mlps,
                                                        const std::stop_token& stop,
                                                        Standard& standard);

}  // namespace prov::fingerprint
