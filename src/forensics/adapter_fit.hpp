// Was an adapter trained on this model, or on one that shares its coordinates?
//
// What a LoRA adapter adds to matrices that read or write the residual stream lies where the
// activations and gradients of the model lay that it was trained on, and so do that model's own
// matrices: the geometry of the stream's coordinates, seen from the updates and from the weights,
// is alike. If adapter and model are independent, the coordinates of the one are exchangeable
// against those of the other, and gram_agreement has its null. A merge itself plays no part:
// updates and weights are never added.
#pragma once

#include <optional>
#include <span>
#include <stop_token>

#include "forensics/gram_agreement.hpp"
#include "model/adapter/low_rank_update.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// How much of the updates the weights hold already: the slope of the sampled weights on them, 0
/// for a base, 1 for a model that the adapter was merged into.
struct ContainedUpdate {
  double slope = 0;
  double z = 0;  // in standard deviations of weights that know nothing of the updates
};

struct AdapterFit {
  std::optional<GramAgreement> reading;  // query, key, value, gate, up: columns
  std::optional<GramAgreement> writing;  // attention output, down: rows
  std::optional<ContainedUpdate> contained;
  std::size_t matrices = 0;  // that gave features
  /// Both together, in standard deviations; absent if neither could be measured.
  std::optional<double> z() const;
  std::optional<double> cka() const;  // mean of those measured: the effect size
  std::size_t coordinates() const;
};

/// 384 coordinates at fixed places, about 1024 sampled features a side. `checkpoint` holds the
/// parts of the updates and the weights that they change. Errors: those of reading; cancelled.
Result<AdapterFit> measure_adapter_fit(const model::Checkpoint& checkpoint,
                                       std::span<const model::LowRankUpdate> updates,
                                       const std::stop_token& stop);

}  // namespace prov::forensics
