// Is B nothing but A written in a narrower float format? Rounding loses bits that nobody can put
// back, so a yes also tells the direction.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "forensics/stored_precision.hpp"
#include "numeric/matrix.hpp"

namespace prov::forensics {

/// The formats asked about. Formats with scales are grids (quantisation_grid.hpp).
inline constexpr std::array kRoundingTargets{kF16, kBf16, kF8E4m3, kF8E5m2};

/// How the elements of two blocks relate, format by format. Blocks of one model add up: few values
/// of a block may show the rounding, e.g. those so small that F16 loses their bits.
struct RoundingCounts {
  struct Target {
    std::size_t lost = 0;         // b is a rounded, and not a: bits of a are gone
    std::size_t unexplained = 0;  // b is not a rounded
    std::size_t foreign = 0;      // b is no number of the format
  };
  std::size_t elements = 0;
  std::array<Target, kRoundingTargets.size()> targets{};  // as in kRoundingTargets

  RoundingCounts& operator+=(const RoundingCounts& other);
};

/// std::nullopt if the shapes differ or a value is not finite. Rounds to nearest, ties to even,
/// saturating. Thread-safe.
std::optional<RoundingCounts> rounding_counts(const numeric::Matrix& a, const numeric::Matrix& b);

struct StorageRounding {
  StoredPrecision precision;  // that `a` was rounded to
  std::size_t elements = 0, lost = 0, unexplained = 0;
};

/// The first target for which no b is foreign, at least 4 elements lost bits, and fewer than 0.1 %
/// of all elements and a tenth of those that lost bits are unexplained. The answer points from a
/// to b; count again with the arguments exchanged for the other direction. std::nullopt if there is
/// none, as for equal blocks. Thread-safe.
std::optional<StorageRounding> storage_rounding(const RoundingCounts& counts);

}  // namespace prov::forensics
