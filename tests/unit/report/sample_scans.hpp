// Scans made by hand, for tests of what shows them.
#pragma once

#include "provenancekit/scan.hpp"

namespace prov::test {

/// Matches by configuration and tokenizer alone, twelve of them.
Scan metadata_scan();
/// A parent proved by its weights before a twin by configuration; every field has a value.
Scan proof_scan();
/// No match, in a model without weights.
Scan empty_scan();
/// Every text is hostile: escapes, bidirectional overrides, bytes that are not UTF-8.
Scan hostile_scan();

}  // namespace prov::test
