// What stands against calling two models independent although no test shows that they are related.
#pragma once

#include <string>
#include <vector>

#include "forensics/gather.hpp"

namespace prov::verdict {

/// Something agrees that never agrees between strangers, or a test shows more than chance without
/// being proof. One sentence each.
std::vector<std::string> find_vetoes(const forensics::ForensicEvidence& evidence);

/// What of the two models was never compared. One sentence each; empty if enough was seen to speak
/// of independence.
std::vector<std::string> find_gaps(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
