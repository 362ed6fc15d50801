// What a scan looks for: the fingerprint of a model, made of its weights or kept in a file.
#pragma once

#include <string_view>

#include "fingerprint/fingerprint_codec.hpp"
#include "provenancekit/compare.hpp"
#include "provenancekit/result.hpp"
#include "signals/fingerprint_codec.hpp"

namespace prov::search {

struct ScannedFingerprint {
  signals::Fingerprint signals;
  fingerprint::FingerprintFile weights;
};

/// Errors: those of reading a file, of decode_fingerprint (both codecs).
Result<ScannedFingerprint> read_fingerprint_file(std::string_view reference);

/// What the fingerprint tells of its model.
ModelSummary summary_of(const ScannedFingerprint& scanned, std::string_view reference);

}  // namespace prov::search
