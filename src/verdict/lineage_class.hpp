// The class of a lineage, with the reasons that decided. Rules: docs/verdict.md.
#pragma once

#include <string>
#include <vector>

#include "forensics/gather.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::verdict {

struct Judgement {
  LineageClass lineage_class = LineageClass::inconclusive;
  std::vector<std::string> reasons;  // the deciding one first
};

/// Pure. A positive class needs proof from the weights of the layers. Never `derived`: that needs a
/// direction (relation.hpp).
Judgement judge_class(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
