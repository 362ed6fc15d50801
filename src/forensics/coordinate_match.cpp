#include "forensics/coordinate_match.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "forensics/residual_map.hpp"
#include "forensics/sampling.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestTokens = 64;
constexpr std::size_t kMostTokens = 512;  // the cosine of strange coordinates is then 0 +- 0.04
constexpr AxisSample kCoordinates{64, 1};
constexpr float kMatched = 0.7F;

numeric::Matrix coordinates_as_rows(const numeric::Matrix& tokens) {
  numeric::Matrix rows = numeric::first_rows(tokens, kMostTokens);
  numeric::normalise_rows(rows);
  numeric::centre_columns(rows);
  numeric::Matrix coordinates = numeric::transposed(rows);
  numeric::normalise_rows(coordinates);
  return coordinates;
}

}  // namespace

std::optional<CoordinateMatch> match_coordinates(const numeric::Matrix& a,
                                                 const numeric::Matrix& b) {
  if (a.rows != b.rows || a.rows < kFewestTokens) return std::nullopt;
  const numeric::Matrix all_a = coordinates_as_rows(a), all_b = coordinates_as_rows(b);
  const auto sampled = sampled_positions(all_a.rows, kCoordinates);
  numeric::Matrix some(sampled.size(), all_a.columns);
  for (std::size_t i = 0; i < sampled.size(); ++i)
    std::ranges::copy(all_a.row(sampled[i]), some.row(i).begin());
  const numeric::Matrix cosines = mapped(some, all_b);
  CoordinateMatch match{.coordinates = sampled.size()};
  std::size_t in_place = 0, matched = 0, mirrored = 0;
  for (std::size_t i = 0; i < cosines.rows; ++i) {
    std::size_t best = 0;
    for (std::size_t j = 1; j < cosines.columns; ++j) {
      if (std::abs(cosines.row(i)[j]) > std::abs(cosines.row(i)[best])) best = j;
    }
    const float cosine = cosines.row(i)[best];
    in_place += best == sampled[i];
    if (std::abs(cosine) < kMatched) continue;
    ++matched;
    mirrored += cosine < 0;
  }
  const auto count = static_cast<double>(cosines.rows);
  match.in_place = static_cast<double>(in_place) / count;
  match.matched = static_cast<double>(matched) / count;
  if (matched > 0) match.mirrored = static_cast<double>(mirrored) / static_cast<double>(matched);
  return match;
}

}  // namespace prov::forensics
