#pragma once

#include <filesystem>

#include "search/known_models.hpp"

namespace prov::search {

/// The models of a folder of the published kit. Errors: those of store::read_kit_catalog.
Result<std::unique_ptr<KnownModels>> open_catalogued_models(const std::filesystem::path& root);

}  // namespace prov::search
