// Two models by the responses of their strongest hidden units to the tokens that both have: the
// token basis of forensics/unit_search.hpp, without the weights.
#pragma once

#include "fingerprint/fingerprint.hpp"
#include "forensics/unit_search.hpp"

namespace prov::fingerprint {

/// Common tokens below which responses are not compared.
inline constexpr std::size_t kFewestCommonTokens = 32;

/// Agreement of assignments (forensics/unit_match.hpp). Partners among the layers are chosen by how
/// well each unit's reader finds one like it, which no order of the units can influence; only they,
/// and as many other pairs for the background, are matched: all other cells of the table are
/// absent. `raw` and `recovered` need weights and say so. Thread-safe.
forensics::UnitSearch compare_responses(const Standard& a, const Standard& b);

}  // namespace prov::fingerprint
