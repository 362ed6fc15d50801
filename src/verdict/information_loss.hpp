// What one model's values lost against the other's, and so which of the two came first.
#pragma once

#include <optional>
#include <vector>

#include "verdict/structural_change.hpp"

namespace prov::verdict {

/// Quantisation, rounding to a shorter float, zeroed weights. A direction is given where the values
/// of the one are those of the other with the loss, not only where the one has suffered it. Pure.
std::vector<Finding> find_information_losses(const forensics::ForensicEvidence& evidence);

/// Median share of a matrix's values that lie where rounding those of the other model to their grid
/// puts them; the larger of both directions, absent where neither model lies on a grid. Pure.
std::optional<double> rounded_share(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
