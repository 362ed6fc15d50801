#pragma once

#include <filesystem>

#include "search/known_models.hpp"

namespace prov::search {

/// The records of a database file, in the order in which they were added. The part "signals" holds
/// a signals::Fingerprint, or the JSON of a bundle of the published kit. Names and size class come
/// from the keys asset_id, model_id, family_id, family_name, param_bucket and source_uri of a
/// record's metadata; what is missing there from its other fields. Errors: those of
/// store::Store::open.
Result<std::unique_ptr<KnownModels>> open_recorded_models(const std::filesystem::path& file);

}  // namespace prov::search
