// From evidence to a class, with reasons in plain words. Rules: docs/verdict.md.
#pragma once

#include "forensics/gather.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::verdict {

/// Pure. A positive class needs proof from the weights of the layers; embeddings, norms and
/// everything declared can only veto `independent` or become a conflict. Direction stays
/// undetermined and probability absent: nothing here measures them.
Lineage decide_lineage(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
