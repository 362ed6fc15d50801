#pragma once

#include <string_view>

namespace prov {

/// Version of the library and of the tool, "major.minor.patch". Stored formats carry versions of
/// their own.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace prov
