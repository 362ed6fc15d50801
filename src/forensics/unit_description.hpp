// The strongest hidden units of one MLP, described in each basis in which units are matched.
#pragma once

#include <optional>

#include "model/mlp.hpp"
#include "numeric/matrix.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// What one model brings to the shared bases; absent where a basis could not be made.
struct SharedBases {
  const numeric::Matrix* residual_map = nullptr;  // k x width (residual_map.hpp)
  const numeric::Matrix* embedding = nullptr;     // tokens x width
  const numeric::Matrix* head = nullptr;          // tokens x width
  bool whole_rows = false;                        // wanted besides, for align_units
};

struct UnitDescription {
  std::vector<std::uint64_t> units;  // positions of the chosen units, ascending
  // Of unit length (unit_match.hpp):
  model::UnitRows raw;        // at most 512 coordinates at fixed places
  model::UnitRows recovered;  // empty without a map
  model::UnitRows tokens;     // responses to tokens, mean taken out; empty without tokens
  model::UnitRows aligned;    // made later of `whole` of both models (unit_alignment.hpp)
  model::UnitRows whole;      // all coordinates, as they are; empty if not wanted
};

/// The 128 units of largest product of norms (model/unit_strengths.hpp; the lower position on
/// ties). Errors: those of reading.
Result<UnitDescription> describe_units(const model::Checkpoint& checkpoint, const model::Mlp& mlp,
                                       const SharedBases& bases);

}  // namespace prov::forensics
