#pragma once

#include <string>
#include <string_view>

namespace prov::base {

/// Text from a file made safe for a terminal or a log line: control characters (ESC, NUL, DEL, C1,
/// line breaks), bidirectional overrides and invalid UTF-8 become \xNN or \u{N}; everything else is
/// kept.
std::string printable(std::string_view text);

}  // namespace prov::base
