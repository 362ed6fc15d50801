// END, embedding norm distribution: a histogram of the lengths of the embedding's rows.
// docs/signals/end.md
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>

#include "signals/kit_similarity.hpp"

namespace prov::signals {

struct EndRecord {
  std::optional<std::array<double, 20>>
      histogram;        // shares of rows between the shortest and the longest; sum 1
  std::string missing;  // why there is none; "" if there is

  friend bool operator==(const EndRecord&, const EndRecord&) = default;
};

/// From the length of each row, all finite.
EndRecord make_end(std::span<const float> row_norms);

/// Cosine of the histograms. The range of the norms does not count.
Similarity end_similarity(const EndRecord& a, const EndRecord& b);

}  // namespace prov::signals
