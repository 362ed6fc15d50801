#pragma once

#include "fingerprint/fingerprint_codec.hpp"
#include "provenancekit/scan.hpp"

namespace prov::search {

/// Adds to `match` what two fingerprints show of the lineage of the known model (A) and the scanned
/// one (B), and its strength.
void compare_weights(ScanMatch& match, const fingerprint::FingerprintFile& known,
                     const fingerprint::FingerprintFile& scanned);

}  // namespace prov::search
