// Neuron words: each strong neuron as the name of the tokens that excite it most, so that models
// are found like texts, by the words that they share (docs/fingerprint.md).
//
//   word = hash of the two tokens of largest gate response (in no order) and the token of largest
//          |up|; |up| because a sign can be moved between up and down. Without a gate: the two of
//          largest up, and of largest |down|.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/neuron_responses.hpp"

namespace prov::fingerprint {

inline constexpr std::size_t kWordTokens = 256;  // that name neurons
inline constexpr std::size_t kWordUnits = 96;    // of each MLP, the strongest
inline constexpr std::size_t kMostWords = 512;   // of a model

/// One word for each of the first kWordUnits units whose responses vary; `keys` are those of the
/// tokens, three or more, else there are none.
std::vector<std::uint64_t> words_of(const NeuronResponses& responses,
                                    std::span<const std::uint64_t> keys);

/// A set of at most kMostWords, ascending: of more words those of the smallest hash, so that two
/// models keep the same ones of the words that they share.
std::vector<std::uint64_t> kept_words(std::vector<std::uint64_t> words);

/// How many words two sets (ascending) share.
std::size_t shared_words(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);

}  // namespace prov::fingerprint
