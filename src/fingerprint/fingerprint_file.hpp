// Fingerprints as files: their names and their bytes.
#pragma once

#include <string>
#include <string_view>

#include "provenancekit/result.hpp"

namespace prov::fingerprint {

/// True for the name of a fingerprint file: it ends in ".fp".
inline bool is_fingerprint_file(std::string_view reference) { return reference.ends_with(".fp"); }

/// All of it, at most kLargestFingerprint bytes, not looked into. Errors: those of reading a local
/// file, too_large.
Result<std::string> read_fingerprint_bytes(std::string_view reference);

}  // namespace prov::fingerprint
