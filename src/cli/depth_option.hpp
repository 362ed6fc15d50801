#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provenancekit/compare.hpp"

namespace prov::cli {

/// Reads the value of --depth. The problem, if it is none.
std::optional<std::string> read_depth(std::string_view name, Depth& depth);

}  // namespace prov::cli
