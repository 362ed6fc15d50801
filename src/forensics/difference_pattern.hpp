// Where and by how much weights moved, element by element: traces that merging tools leave and
// training does not.
#pragma once

#include <cstddef>
#include <optional>

#include "numeric/matrix.hpp"

namespace prov::forensics {

struct DifferencePattern {
  std::size_t elements = 0;
  double slope = 0;     // of b on a through 0: <a, b> / <a, a>
  double residual = 0;  // ||b - slope a|| / ||b||, [0, 1]
  double equal = 0;     // share of elements with a == b
  /// Fourth moment of b - a about its mean, by the square of the second: 3 of normal noise, less of
  /// rounding errors, more of a mixture of small and large changes. 0 where nothing changed.
  double kurtosis = 0;
  /// Elements whose storage step is at most kFineStep rms(b - a): they could not have stayed by
  /// rounding. Elements that are zero in both are not counted.
  std::size_t fine = 0;
  double untouched = 0;  // share of the fine elements with a == b; 0 where there are none
  /// What `untouched` would be by chance if changes were normally distributed: mean of
  /// step / (rms sqrt(2 pi)). Heavy-tailed changes give some times more.
  double untouched_chance = 0;
  /// The kHoleShare quantile of |b - a| / rms(b - a) over the fine elements that differ. Changes
  /// of any smooth distribution begin at a storage step; below the threshold of a trim there is a
  /// hole. 0 where fewer than 100 differ.
  double hole = 0;
};

inline constexpr double kFineStep = 0.05;
inline constexpr double kHoleShare = 0.01;

/// Not symmetric: the slope is of b on a. The storage step is that of the coarser of the two
/// blocks. std::nullopt if the shapes differ, a value is not finite, or a matrix is zero or empty.
/// Equal blocks have slope 1, equal 1, kurtosis 0 and no fine elements. Thread-safe.
std::optional<DifferencePattern> difference_pattern(const numeric::Matrix& a,
                                                    const numeric::Matrix& b);

}  // namespace prov::forensics
