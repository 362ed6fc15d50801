// Do single coordinates of two residual streams answer each other? Tells a permuted stream from a
// rotated one, and both from one that was left alone.
#pragma once

#include <cstddef>
#include <optional>

#include "numeric/matrix.hpp"

namespace prov::forensics {

struct CoordinateMatch {
  std::size_t coordinates = 0;  // of A that were looked at, at most 64
  double in_place = 0;  // share whose values over tokens are most like those of the same coordinate
  double matched = 0;   // share with a partner of |cosine| >= 0.7, in its place or not
  double mirrored = 0;  // share of the matched ones with a negative cosine
};

/// `a` and `b`: embedding rows of the same tokens, one column a coordinate; the first 512
/// count. std::nullopt below 64 tokens. A description: tokens are not exchangeable. Deterministic.
std::optional<CoordinateMatch> match_coordinates(const numeric::Matrix& a,
                                                 const numeric::Matrix& b);

}  // namespace prov::forensics
