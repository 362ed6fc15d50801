#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/kit_tokenizer/kit_tokenizer.hpp"

namespace prov::signals {

/// Overlap of two vocabularies as sets of token texts, added tokens included. Shares have 4
/// decimals.
struct VocabularyOverlap {
  double jaccard = 0;  // |A and B| / |A or B|, 0 where both are empty
  std::uint64_t size_a = 0, size_b = 0, common = 0;
  double share_of_a = 0, share_of_b = 0;  // common / size, 0 where empty
};

/// Source: specification of the published kit, section 5. Time and memory grow with the sum of the
/// sizes.
VocabularyOverlap vocabulary_overlap(const model::KitTokenizer& a, const model::KitTokenizer& b);

/// The same over lists of distinct texts.
VocabularyOverlap vocabulary_overlap(const std::vector<std::string_view>& a,
                                     const std::vector<std::string_view>& b);

}  // namespace prov::signals
