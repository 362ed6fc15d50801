// Hidden units at fixed places of one MLP, small enough to be stored: for the tests of order and
// geometry without the weights (forensics/permutation_z.hpp, forensics/gram_agreement.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fingerprint/quantised_rows.hpp"
#include "forensics/gram_agreement.hpp"
#include "model/mlp.hpp"

namespace prov::fingerprint {

/// At most 64 units and 64 coordinates, and the angles between at most 128 units.
struct UnitSample {
  model::MlpPlace place;
  std::uint64_t hidden = 0, residual = 0;  // units and coordinates of the whole MLP
  bool gated = false;
  QuantisedRows rows;    // [gate | up | down] of each unit, each part of unit length
  QuantisedRows angles;  // one row: the centred Gram matrix above its diagonal, row by row

  friend bool operator==(const UnitSample&, const UnitSample&) = default;
};

/// Errors: those of reading.
Result<UnitSample> read_unit_sample(const model::Checkpoint& checkpoint, const model::Mlp& mlp);

/// The Gram matrix that `angles` holds; without units if there are none.
forensics::CentredGram gram_of(const UnitSample& sample);

/// Numbers in `angles` for so many units.
constexpr std::size_t angles_of(std::size_t units) { return units * (units - 1) / 2; }
/// How many units have so many angles; 0 if no number has.
std::size_t units_of_angles(std::size_t angles);

}  // namespace prov::fingerprint
