// One group of quantised weights: which scale puts all of its values on the levels of a table?
//
// The value v of largest magnitude is laid on each level in turn; that fixes the scale up to the
// storage rounding of v. Every further value must then lie within its own storage rounding of a
// level, and narrows the scale. Chance: a value that has nothing to do with the grid, and of which
// 2 t is within the tolerance of some level out of a distance h between levels, passes with
// probability at most 1.5 * 2 t / h (1.5: density need not be even). A scale that fits at all also
// fits where one of the values lies at the end of its tolerance: 2 n scales stand for all of them,
// each with one value used up.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "forensics/level_table.hpp"
#include "forensics/stored_precision.hpp"

namespace prov::forensics {

/// Nonzero values of a group by rising magnitude, each with how far rounding may have moved it.
struct GroupValues {
  struct Value {
    double value, tolerance;
  };
  std::vector<Value> values;
  double offset = 0;    // already subtracted
  bool varies = false;  // at least 4 nonzero values, not all equal
};

GroupValues group_values(std::span<const float> group, const PossibleStorage& storage,
                         bool with_offset);

struct ScaleFit {
  double scale = 0;                // > 0
  double lowest = 0, highest = 0;  // levels in use, in steps of the table
  std::size_t levels = 0;          // distinct ones in use, zero included if there
  double log10_chance = 0;         // <= 0
};

/// The coarsest scale that fits; std::nullopt if none does or the group does not vary. Thread-safe.
std::optional<ScaleFit> fit_scale(const GroupValues& group, const LevelTable& table);

}  // namespace prov::forensics
