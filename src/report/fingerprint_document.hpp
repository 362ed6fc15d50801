#pragma once

#include "provenancekit/fingerprint.hpp"
#include "report/document.hpp"

namespace prov::report {

/// Version of the JSON layout, the number in schema/fingerprint-<version>.schema.json.
inline constexpr int kFingerprintSchemaVersion = 1;

/// What became of each model of a run.
Document fingerprint_document(const FingerprintRun& run);

}  // namespace prov::report
