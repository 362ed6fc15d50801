// The list of statistics that a report shows beside the class.
#pragma once

#include <vector>

#include "forensics/gather.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::verdict {

/// Always the same tests in the same order; what could not be computed says why.
std::vector<Evidence> describe_evidence(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
