// What two fingerprints say of lineage, without the weights.
#pragma once

#include "fingerprint/fingerprint_codec.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::verdict {

/// A positive class rests on the order or geometry of hidden units, or on their responses to common
/// tokens, as with weights (lineage.hpp). Never `identical` (hashes are no comparison of values),
/// `derived` or `independent`: where nothing shows, the class is inconclusive and the first reason
/// says that weights were not compared. No relation, operations or roles. Symmetric but for the
/// layer map. Thread-safe.
Lineage lineage_of_fingerprints(const fingerprint::FingerprintFile& a,
                                const fingerprint::FingerprintFile& b);

}  // namespace prov::verdict
