#include "verdict/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "verdict/calibration_table.hpp"

namespace prov::verdict {

std::span<const DecisionLine> decision_lines() { return table::kDecisions; }
std::span<const HeldOutLine> held_out_lines() { return table::kHeldOut; }
std::span<const CalibratedLine> calibrated_lines() { return table::kStatistics; }
std::span<const FamilyHoldOut> family_hold_outs() { return table::kFamilies; }
std::span<const CalibratedBand, 3> calibrated_bands() { return table::kBands; }

const CalibratedLine* find_calibrated_line(std::string_view test) {
  const std::span<const CalibratedLine> lines = calibrated_lines();
  const auto found = std::ranges::find(lines, test, &CalibratedLine::test);
  return found == lines.end() ? nullptr : &*found;
}

std::optional<StrengthBand> strength_band(std::span<const Evidence> evidence) {
  std::optional<StrengthBand> highest;
  for (const Evidence& entry : evidence) {
    const CalibratedLine* calibrated = find_calibrated_line(entry.test);
    if (calibrated == nullptr || calibrated->negatives == 0) continue;
    if (!entry.z || !std::isfinite(*entry.z)) continue;
    StrengthBand band = StrengthBand::between;
    if (*entry.z <= calibrated->bound) band = StrengthBand::inside_null;
    if (*entry.z >= calibrated->line) band = StrengthBand::beyond_line;
    highest = highest ? std::max(*highest, band) : band;
  }
  return highest;
}

double calibrated_probability(StrengthBand band) {
  return calibrated_bands()[static_cast<std::size_t>(band)].probability;
}

}  // namespace prov::verdict
