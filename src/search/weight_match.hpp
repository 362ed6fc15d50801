#pragma once

#include "fingerprint/fingerprint_codec.hpp"
#include "provenancekit/scan.hpp"

namespace prov::search {

/// Gives `match` a lineage, and its strength: -log10 p of the strongest test.
void take_lineage(ScanMatch& match, Lineage lineage, ComparedBy compared_by);

/// Adds to `match` what two fingerprints show of the lineage of the known model (A) and the scanned
/// one (B), and its strength.
void compare_weights(ScanMatch& match, const fingerprint::FingerprintFile& known,
                     const fingerprint::FingerprintFile& scanned);

}  // namespace prov::search
