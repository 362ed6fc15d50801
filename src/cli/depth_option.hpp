#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provenancekit/compare.hpp"

namespace prov::cli {

/// Reads the value of --depth. The problem, if it is none.
std::optional<std::string> read_depth(std::string_view name, Depth& depth);

/// How a model is read for its fingerprint: as asked for, else sparingly where it is not on this
/// machine.
Depth fingerprint_depth(std::optional<Depth> given, std::string_view reference);

}  // namespace prov::cli
