// Are the strongest hidden units of two MLPs the same units? Gate, up and down are matched
// separately; the same unit must come out of them.
//
// For each of the three, C = cosines of the descriptions of all units; the assignment that
// maximises the sum says which unit of B stands for which of A. If the models are independent the
// assignments have nothing to do with each other: the units on which two of them agree are the
// fixed points of a random permutation, Poisson(1) (Montmort), three pairs of them: Poisson(3).
// That gate and up of one neuron share a meaning can raise this; the background of other layers and
// of strangers says by how much (docs/signals/unit-match.md).
// Source: the idea of phi_MATCH (Zhu et al. 2025, 2502.12292, section 3.3), without activations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/mlp.hpp"
#include "numeric/matrix.hpp"

namespace prov::forensics {

struct UnitMatch {
  std::size_t units = 0;     // matched: the smaller of the two counts
  std::size_t agreeing = 0;  // of them, those on which two assignments agree
  std::size_t expected = 0;  // number of pairs of assignments: 3, or 1 without a gate
  double cosine = 0;         // mean cosine of the matched readers: the value of the assignment
  std::vector<std::uint32_t> partner;  // unit of B for each unit of A (kNoPartner: none agreed)

  double share() const {
    return units == 0 ? 0 : static_cast<double>(agreeing) / static_cast<double>(units);
  }
};

inline constexpr std::uint32_t kNoPartner = 0xFFFFFFFF;

/// Scales every row to unit length; zeros stay.
model::UnitRows unit_directions(model::UnitRows rows);

/// Directions of units, one row each, in a basis that both models share. `up` and `down` count
/// without sign: scaling by -1 can be moved between them. Without a gate in either, up (with sign)
/// and down are matched. Exactly symmetric. Thread-safe.
UnitMatch match_units(const model::UnitRows& a, const model::UnitRows& b);

}  // namespace prov::forensics
