#pragma once

#include <filesystem>
#include <string_view>

#include "provenancekit/result.hpp"

namespace prov::source {

/// The folder or file that `reference` names, where it lies on this machine: as source::locate, but
/// no network is asked, and of the Hub there is only its local cache. Error not_found elsewhere.
Result<std::filesystem::path> path_at_hand(std::string_view reference);

}  // namespace prov::source
