#pragma once

#include <string_view>

namespace prov::source {

/// True if `name` can only mean an entry of the folder it is used in, on every system: no separator
/// of either kind, no NUL, not "." or "..", no drive letter. Names inside index files are text of a
/// stranger and pass here first.
bool is_plain_file_name(std::string_view name);

/// True for the name of a fingerprint file (src/fingerprint/), which holds no weights.
bool is_fingerprint_file(std::string_view name);

}  // namespace prov::source
