// The name of an operator that drops elements.
#pragma once

#include <span>
#include <string>

#include "verdict/merge_operator.hpp"

namespace prov::verdict {

/// TIES, DARE or DARE-TIES. Pure; `merge` has a known drop pattern.
OperatorFinding name_sparse_operator(const forensics::SparseMerge& merge,
                                     std::span<const std::string> names);

}  // namespace prov::verdict
