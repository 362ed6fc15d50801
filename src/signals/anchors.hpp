#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/kit_tokenizer/kit_tokenizer.hpp"

namespace prov::signals {

/// The kit's default number of anchors (PROVENANCEKIT_ANCHOR_K).
inline constexpr std::size_t kDefaultAnchorCount = 64;

/// Rows of the embedding whose geometry EAS compares: digits and punctuation, then frequent words
/// of the scripts that the vocabulary covers, then pseudo-random rows. Ids are distinct, each below
/// `rows`, at most `count` of them, in the kit's order. `tokenizer` may be null: then all are
/// pseudo-random. Deterministic, thread-safe. Source: specification of the published kit,
/// section 6.3.
std::vector<std::uint32_t> select_anchors(const model::KitTokenizer* tokenizer, std::uint64_t rows,
                                          std::size_t count = kDefaultAnchorCount);

/// Pseudo-random row ids that are not in `chosen`: the first `count` of numpy's RandomState(42)
/// permutation of the free ids below min(rows, 50000). Fewer if there are fewer.
std::vector<std::uint32_t> backfill_anchors(std::uint64_t rows,
                                            std::span<const std::uint32_t> chosen,
                                            std::size_t count);

}  // namespace prov::signals
