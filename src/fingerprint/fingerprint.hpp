// What is kept of a model's weights for comparisons without them (docs/fingerprint.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "fingerprint/binary_code.hpp"
#include "fingerprint/quantised_rows.hpp"
#include "fingerprint/unit_geometry.hpp"
#include "model/mlp.hpp"

namespace prov::fingerprint {

/// For finding candidates; at most 8192 bytes when stored.
struct Sketch {
  bool sampled = false;                      // sampled_fingerprint.hpp: of a part of the weights
  base::ContentHash weights;                 // exact_hashes.hpp: of all tensors, or of the samples
  std::vector<std::uint64_t> words;          // neuron_words.hpp: a set, ascending
  std::vector<std::uint64_t> tensor_hashes;  // exact_hashes.hpp: a set, ascending
  BinaryCode positional{};                   // binary_code.hpp
  BinaryCode hidden_axis{};

  friend bool operator==(const Sketch&, const Sketch&) = default;
};

/// The strongest units of one MLP and their responses to the tokens of a Standard.
struct UnitResponses {
  model::MlpPlace place;
  std::vector<std::uint32_t> units;  // positions, strongest first; at most kStrongestUnits
  QuantisedRows gate;                // units x tokens; without rows if there is no gate
  QuantisedRows up, down;            // units x tokens

  friend bool operator==(const UnitResponses&, const UnitResponses&) = default;
};

/// For comparing two models without their weights; at most 1.5 MB when stored.
struct Standard {
  bool sampled = false;               // as of the sketch: `mlps` are those of one layer
  std::string missing;                // why there are no responses; empty otherwise
  bool by_text = true;                // token_basis.hpp
  std::vector<std::uint64_t> tokens;  // keys, ascending; at most kStandardTokens
  std::vector<UnitResponses> mlps;    // by place; at most kStandardMlps
  std::vector<UnitSample> samples;    // by place; at most kDepths

  friend bool operator==(const Standard&, const Standard&) = default;
};

inline constexpr const char* kSampledNote =
    "Samples of the weights: no hashes of tensors, words of one layer, and no signals that need "
    "every weight.";

inline constexpr std::size_t kStandardTokens = 96;
inline constexpr std::size_t kStandardMlps = 32;

struct WeightFingerprint {
  Sketch sketch;
  Standard standard;

  friend bool operator==(const WeightFingerprint&, const WeightFingerprint&) = default;
};

}  // namespace prov::fingerprint
