// Decompositions made by hand, for tests of what shows them.
#pragma once

#include "provenancekit/decompose.hpp"

namespace prov::test {

/// A SLERP of two parents among five candidates; every field that it can have has a value.
Decomposition slerp_decomposition();
/// Layers of two models stacked.
Decomposition stacked_decomposition();
/// Nothing could be decided, and every text is hostile: escapes, bidirectional overrides, bytes
/// that are not UTF-8.
Decomposition hostile_decomposition();

}  // namespace prov::test
