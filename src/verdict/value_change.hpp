// What was done to the values of weights that otherwise stand where they stood.
#pragma once

#include <vector>

#include "verdict/structural_change.hpp"

namespace prov::verdict {

/// Changes that lose information, and so prove their direction: quantisation, rounding to a shorter
/// float, zeroed weights. Pure.
std::vector<Finding> find_value_losses(const forensics::ForensicEvidence& evidence);

/// Changes that could be undone or made either way: low-rank updates, sparse or mixed differences,
/// noise, training. Pure.
std::vector<Finding> find_value_changes(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
