// Was one block of weights made by rounding another one to a grid?
#pragma once

#include <optional>

#include "forensics/quantisation_grid.hpp"
#include "numeric/matrix.hpp"

namespace prov::forensics {

/// Was B rounded from A? Share of the elements for which b is the level nearest to a on b's own
/// grid, storage rounding allowed for; beyond the outermost level in use any a counts (clipping).
/// Groups of b that do not vary or fit are left out. Above 0.999 it proves the direction: rounding
/// loses what no reader of b can put back. std::nullopt if the shapes differ, a value is not finite
/// or no group fits. Thread-safe.
std::optional<double> share_rounded_to(const numeric::Matrix& a, const numeric::Matrix& b,
                                       const QuantisationGrid& grid);

/// The same with the elements that are not: how many, and how far beyond the reach of their level
/// the farthest lies, in steps of the grid there. Errors as above.
struct RoundingMisfit {
  std::size_t looked_at = 0, outside = 0;
  double farthest = 0;
};
std::optional<RoundingMisfit> rounding_misfit(const numeric::Matrix& a, const numeric::Matrix& b,
                                              const QuantisationGrid& grid);

/// Rows or columns.
enum class Lines { rows, columns };

/// The same where each row, or each column, of A may first be multiplied by a factor of its own, as
/// scales are moved between matrices before quantising. For each line the factor that suits most
/// elements: every element leaves an interval for it, so the rounded copy of a relative, whose
/// elements are off each by its own amount, has no factor that suits all. Lines with fewer than 16
/// nonzero elements are left out: a free factor suits so few too often. Errors as above.
std::optional<double> share_rounded_to_scaled(const numeric::Matrix& a, const numeric::Matrix& b,
                                              const QuantisationGrid& grid, Lines lines);

}  // namespace prov::forensics
