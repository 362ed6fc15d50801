// Two binary codes of a model, for candidates whose words are no help because the tokenizer was
// replaced: where weights stand, and how hidden units lie to each other.
//
//   positional    8 kinds of weights (query, key, value, attention output, gate, up, down; token
//                 embedding) x 8 depths x 128 bits: signs of projections of 64 sampled rows x 256
//                 sampled columns. Copies and tuned copies of one shape.
//   hidden axis   8 depths x 1024 bits: the same of the angles between 128 sampled hidden units
//                 (centred Gram matrix). Also a copy whose residual stream was permuted or rotated.
//
// What a model does not have is filled with bits that depend on all its weights: between two
// models half of them differ.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "forensics/gram_agreement.hpp"
#include "model/checkpoint.hpp"
#include "provenancekit/result.hpp"

namespace prov::fingerprint {

inline constexpr std::size_t kDepths = 8;
inline constexpr std::size_t kCodeWords = 128;  // 64-bit words of each code

using BinaryCode = std::array<std::uint64_t, kCodeWords>;

/// The index of the layer that stands for a depth: floor((2 depth + 1) layers / (2 kDepths)).
std::size_t layer_at_depth(std::size_t depth, std::size_t layers);

/// `identity`: a number that depends on all weights. Errors: those of reading.
Result<BinaryCode> read_positional_code(const model::Checkpoint& checkpoint,
                                        std::uint64_t identity);

/// `grams`: one for each of at most kDepths sampled MLPs, in the order of depth.
BinaryCode hidden_axis_code(const std::vector<forensics::CentredGram>& grams,
                            std::uint64_t identity);

}  // namespace prov::fingerprint
