// What kind of change turned one block of weights into another, from the singular values of the
// difference.
//
// D = B - A, m x n with m <= n, singular values s_1 >= s_2 >= ... Independent noise of deviation
// sigma fills (sigma (sqrt n - sqrt m), sigma (sqrt n + sqrt m)) (Marchenko and Pastur 1967), so
// sigma is read off the median, and its upper end is the edge that structure must pass
// (Gavish and Donoho 2014):
//   sigma = median(s) / (mu sqrt n)      edge = sigma (sqrt m + sqrt n)
// mu^2 is the median of the Marchenko-Pastur law of ratio m / n.
//   low_rank: a step s_r / s_(r+1) >= 2.3 from above 1.1 edge down to below 2 edge, r <= m / 4,
//             with 25 % of the energy above it
//   noise:    values above 1.1 edge hold less than 25 % of the energy
//   dense:    everything else
// The lines come from trained models: docs/signals/difference-spectrum.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "numeric/matrix.hpp"

namespace prov::forensics {

enum class DifferenceKind {
  none,      // equal everywhere
  sparse,    // fewer than 5 % of the elements differ
  noise,     // flat spectrum: noise, rounding, quantisation, pruning
  low_rank,  // few directions, then a floor: a merged adapter
  dense,     // many directions without a floor between them: training of all weights
};
std::string_view difference_kind_name(DifferenceKind kind);

struct DifferenceSpectrum {
  DifferenceKind kind = DifferenceKind::none;
  std::size_t rank = 0;      // low_rank: singular values before the floor; else: above 1.1 edge
  std::size_t possible = 0;  // m, the greatest rank
  double relative_norm = 0;  // ||D|| / sqrt(||A|| ||B||), symmetric
  double edge = 0;           // in units of the weights
  double top_to_edge = 0;    // s_1 / edge, at most 1e6: smaller values are not resolved
  double energy_share = 0;   // of the first `rank` in the sum of s^2, [0, 1]
  double gap = 0;            // s_rank / s_(rank + 1), at most 1e6; 0 where rank is 0
};

/// std::nullopt if the shapes differ, a side has fewer than kFewestForSpectrum positions, a value
/// is not finite, or a matrix is zero. Exactly symmetric in a and b. O(m^2 n + m^3): best at 64 to
/// 384. Thread-safe.
std::optional<DifferenceSpectrum> difference_spectrum(const numeric::Matrix& a,
                                                      const numeric::Matrix& b);

inline constexpr std::size_t kFewestForSpectrum = 64;

}  // namespace prov::forensics
