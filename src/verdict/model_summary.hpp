#pragma once

#include <string_view>

#include "model/model.hpp"
#include "provenancekit/compare.hpp"

namespace prov::verdict {

/// What the tensors and notes of an opened model say; type and architecture stay as they are by
/// default.
ModelSummary summarise(const model::Model& model, std::string_view reference);

/// The same with type and architecture. Errors: those of config.json.
Result<ModelSummary> summarise_with_config(const model::Model& model, std::string_view reference);

}  // namespace prov::verdict
