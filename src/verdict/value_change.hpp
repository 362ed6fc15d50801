// What was done to the values of weights that otherwise stand where they stood.
#pragma once

#include <vector>

#include "verdict/structural_change.hpp"

namespace prov::verdict {

/// Changes that could be undone or made either way: low-rank updates, sparse or mixed differences,
/// noise, training. Pure.
std::vector<Finding> find_value_changes(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
