// What metadata, tokenizer or a claim says against the weights.
#pragma once

#include <string>
#include <vector>

#include "forensics/gather.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::verdict {

/// One sentence each. Equal configurations of independent models are no conflict: a recipe is not a
/// claim of descent.
std::vector<std::string> find_conflicts(const forensics::ForensicEvidence& evidence,
                                        LineageClass lineage_class);

}  // namespace prov::verdict
