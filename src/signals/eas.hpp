// EAS, embedding anchor similarity: the cosines between the embeddings of a few well-known tokens.
// docs/signals/eas.md
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "signals/kit_similarity.hpp"

namespace prov::signals {

/// Neither EAS nor END is computed with fewer anchors, or with more rows in the embedding.
inline constexpr std::size_t kMinAnchors = 16;
inline constexpr std::uint64_t kMaxEmbeddingRows = 1'000'000;

struct EasRecord {
  std::uint32_t anchors = 0;
  std::vector<float> cosines;  // anchors x anchors, row-major
  std::string missing;         // why there is none; "" if there is

  friend bool operator==(const EasRecord&, const EasRecord&) = default;
};

/// `rows` holds one embedding row of `columns` elements for each anchor.
EasRecord make_eas(std::span<const float> rows, std::size_t columns);

/// Pearson correlation of the cosines of the first k anchors, mapped to [0, 1]; anchors are matched
/// by position. Absent with fewer than 8 common anchors.
Similarity eas_similarity(const EasRecord& a, const EasRecord& b);

}  // namespace prov::signals
