// What the statistics of a zoo with known truth say about a strength of evidence. `./dev calibrate`
// makes the numbers (calibration_table.hpp) anew; docs/evaluation.md says how the lines are drawn.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "provenancekit/verdict.hpp"

namespace prov::verdict {

/// Stands for a number that nothing was measured for.
inline constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

/// Lines that were drawn without a family of models, applied to the pairs that touch this family.
struct HoldOut {
  std::uint32_t negatives = 0;        // pairs of strangers
  std::uint32_t false_positives = 0;  // of them at or above the line
  std::uint32_t positives = 0;        // pairs with a common start, siblings and early branches too
  std::uint32_t misses = 0;           // of them below it, those the statistic cannot see included
};

/// One statistic. All strengths are z: standard deviations from the null. kAbsent where no pair
/// gave a number.
struct CalibratedLine {
  std::string_view test;  // id as in Evidence::test
  std::uint32_t negatives = 0;
  std::uint32_t positives = 0;
  double negative_median = kAbsent;
  double negative_q99 = kAbsent;
  double worst_negative = kAbsent;
  double weakest_positive = kAbsent;
  double positive_q05 = kAbsent;
  double positive_median = kAbsent;
  double weakest_positive_beyond = kAbsent;  // of those at or above the line
  double bound = kAbsent;                    // up to here strangers were seen, at least 3
  double line = kAbsent;                     // from here on proof
  bool separated = false;                    // every relative lies above every stranger
  std::uint32_t blind = 0;                   // relatives below the line
  HoldOut hold_out;                          // summed over the families left out in turn
};

/// All statistics together: a pair counts as found where any of them is at or above its line.
struct FamilyHoldOut {
  std::string_view family;
  HoldOut hold_out;
};

/// One side of a line that decides.
struct LineSide {
  std::uint32_t pairs = 0;
  std::uint32_t wrong = 0;   // of them on the other side of the line
  double nearest = kAbsent;  // below: the highest; above: the lowest of those that are not wrong
  std::string_view a, b;     // the pair that gave it, in the order of the truth
};

/// Errors on pairs of families that had no say in the line, summed over the families.
struct LineErrors {
  std::uint32_t below = 0, below_wrong = 0, above = 0, above_wrong = 0;
};

/// A line that the verdict compares a number with; the rules are evaluation/line_rules.json.
struct DecisionLine {
  std::string_view name;
  std::string_view measures;  // names of Measure, with blanks between; the largest counts
  double value = kAbsent;     // unit of the measure
  bool from_data = false;     // false: stated, because theory or a side without pairs demands it
  LineSide below, above;
  LineErrors hold_out;
};

/// A line drawn without one family, and its errors on the pairs that touch this family.
struct HeldOutLine {
  std::string_view line, family;
  double value = kAbsent;
  LineErrors errors;
};

enum class StrengthBand { inside_null, between, beyond_line };

/// Pairs of the zoo in one band, each judged by lines drawn without its families, and the
/// probability of a common start: Laplace's rule for each side, equal prior odds.
struct CalibratedBand {
  std::uint32_t positives = 0;
  std::uint32_t negatives = 0;
  double probability = 0;
};

/// The lines that decide, in the order of the rules, and what hold-out shows of them. Thread-safe:
/// constants. lineage_thresholds.hpp gives them as numbers by name.
std::span<const DecisionLine> decision_lines();
std::span<const HeldOutLine> held_out_lines();

/// The statistics, ordered by test id. Thread-safe: constants.
std::span<const CalibratedLine> calibrated_lines();
std::span<const FamilyHoldOut> family_hold_outs();
/// In the order of StrengthBand.
std::span<const CalibratedBand, 3> calibrated_bands();

/// Null where the table has no such test.
const CalibratedLine* find_calibrated_line(std::string_view test);

/// The highest band that any computed statistic reaches; absent where none of the table was
/// computed. A z that is not finite is not computed; a statistic that no pair of strangers gave
/// proves nothing.
std::optional<StrengthBand> strength_band(std::span<const Evidence> evidence);

/// Probability of a common start in [0, 1] from held-out counts; a prior that is not even must be
/// applied by the reader.
double calibrated_probability(StrengthBand band);

}  // namespace prov::verdict
