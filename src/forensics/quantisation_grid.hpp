// Does a block of weights lie on the grid of a quantiser, although it is stored as floats?
//
// Hypothesis: within each group of the input axis every value is scale * level (+ offset), rounded
// once to the stored precision, with levels from a fixed table and a scale for each group
// (scale_fit.hpp). The chance that an ungridded block passes is the product over the groups, times
// the ways to choose the groups that fail, times the tables and group sizes tried. A found grid is
// an accusation, so the chance must be below 1e-12.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "forensics/calibrated_lines.hpp"
#include "numeric/matrix.hpp"

namespace prov::forensics {

struct QuantisationGrid {
  std::string name;             // "int4, groups of 32", "int8, per row", "nf4, groups of 64"
  std::string table;            // level_table.hpp
  int bits = 0;                 // that number the levels in use
  std::size_t group = 0;        // columns that share a scale; 0: the whole block
  std::size_t groups = 0;       // tested: those that vary
  std::size_t fitting = 0;      // of these
  std::size_t most_levels = 0;  // distinct levels in one group, at most
  double log10_chance = 0;      // <= kGridChance
  bool stated = false;          // by the container's type (container_grid.hpp), not found by a test
};

inline constexpr double kGridChance = lines::kGridChance;
/// Least share of groups that must fit.
inline constexpr double kGridFit = 0.98;

/// The grid that is least likely by chance, over all tables and group sizes: too small groups and
/// too fine levels explain less. Grids above an offset only where none through zero fits. Groups
/// tried: the whole block, rows, and 256, 128, 64, 32, 16 columns; the block must begin at a
/// multiple of the group size. A grid along the output axis shows in the transposed
/// block. std::nullopt if there is none or a value is not finite. Zeros, constant groups, groups
/// with fewer than 4 nonzero values and repeated rows prove nothing. Thread-safe.
std::optional<QuantisationGrid> quantisation_grid(const numeric::Matrix& block);

}  // namespace prov::forensics
