// An adapter applied to a base: the model that PEFT's merge_and_unload would leave, read lazily.
#pragma once

#include <string>
#include <vector>

#include "model/adapter/adapter_config.hpp"
#include "model/adapter/low_rank_update.hpp"
#include "model/checkpoint.hpp"

namespace prov::model {

/// True if the tensors are those of an adapter (factors, or all below "base_model.").
bool holds_adapter(const Checkpoint& checkpoint);

struct AdapterMerge {
  Checkpoint merged;  // the base's tensors, those that the adapter changes composed or replaced
  std::vector<LowRankUpdate> updates;  // sorted by module; parts are tensors of `merged`'s files
  std::vector<std::string> replaced;   // tensors that the adapter brings whole (modules_to_save)
  /// Why nothing was merged, a sentence without its end: the adapter does not fit this base.
  std::string misfit;
};

/// Merges `adapter` into `base`. The names of modules are looked for in the base as they stand,
/// else without leading parts ("transformer.h.0" as "h.0"), else below "model.". A module that the
/// base lacks, or has in another shape, is a misfit, not an error. Needs config.not_applied to be
/// empty. Errors: not_found for a factor without its other half; size_mismatch for factors that
/// contradict each other or the rank that the configuration states; unsupported for parts that are
/// not known.
Result<AdapterMerge> merge_adapter(Checkpoint base, Checkpoint adapter,
                                   const AdapterConfig& config);

}  // namespace prov::model
