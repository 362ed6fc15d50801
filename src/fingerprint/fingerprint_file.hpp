// Fingerprints as files: their names and their bytes.
#pragma once

#include <string>
#include <string_view>

#include "provenancekit/result.hpp"
#include "source/file_name.hpp"

namespace prov::fingerprint {

using source::is_fingerprint_file;

/// All of it, at most kLargestFingerprint bytes, not looked into. Errors: those of reading a local
/// file, too_large.
Result<std::string> read_fingerprint_bytes(std::string_view reference);

}  // namespace prov::fingerprint
