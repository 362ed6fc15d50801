// The strongest hidden units of one MLP, described by how they respond to tokens: embedding row
// times weights, no activations. Neither a permutation of anything nor a rotation of the residual
// stream (gains folded) nor scale moved between up and down changes the description.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/token_basis.hpp"
#include "model/mlp.hpp"

namespace prov::fingerprint {

inline constexpr std::size_t kStrongestUnits = 128;

/// Row i of each matrix belongs to units[i], column j to token j; the mean of every row is taken
/// out.
struct NeuronResponses {
  std::vector<std::uint32_t> units;  // positions, strongest first
  std::vector<double> strengths;     // model/unit_strengths.hpp
  numeric::Matrix gate;              // empty without a gate
  numeric::Matrix up;
  numeric::Matrix down;
};

/// The kStrongestUnits of largest strength (the lower position on ties); units without any are left
/// out. `strengths` and `kept` as in model::read_strongest_units. Errors: those of reading.
Result<NeuronResponses> read_responses(const model::Checkpoint& checkpoint, const model::Mlp& mlp,
                                       const TokenBasis& tokens, std::span<const double> strengths,
                                       std::size_t kept);

}  // namespace prov::fingerprint
