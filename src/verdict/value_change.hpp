// What was done to the values of weights that otherwise stand where they stood.
#pragma once

#include <optional>
#include <vector>

#include "verdict/structural_change.hpp"

namespace prov::verdict {

/// Changes that could be undone or made either way: low-rank updates, sparse or mixed differences,
/// noise, training. Pure.
std::vector<Finding> find_value_changes(const forensics::ForensicEvidence& evidence);

/// Medians over the matrices whose elements answer each other; absent where their rule is not
/// asked.
struct DifferenceNumbers {
  std::optional<double> untouched;  // share of the elements that stand exactly where they were
  std::optional<double> hole;       // of sparse differences: DifferencePattern::hole
  // Of differences with a flat spectrum, as independent noise has it:
  std::optional<double> kurtosis;
  std::optional<double> off_centre;  // |slope - 1| on the nearer of the two models
};
/// Pure.
DifferenceNumbers difference_numbers(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
