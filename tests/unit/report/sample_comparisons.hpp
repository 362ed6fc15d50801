// Comparisons made by hand, for tests of what shows them.
#pragma once

#include "provenancekit/compare.hpp"

namespace prov::test {

/// Two fine-tuned relatives; every field has a value.
Comparison related_comparison();
/// Two seeds of one recipe: the kit says "Confirmed Match", the weights say independent.
Comparison stranger_comparison();
/// Almost everything is absent, and every text is hostile: escapes, bidirectional overrides, bytes
/// that are not UTF-8.
Comparison hostile_comparison();

}  // namespace prov::test
