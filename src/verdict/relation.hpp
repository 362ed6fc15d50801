// What kind of relation two models have, and which one was made from the other. Rules:
// docs/verdict.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "forensics/gather.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::verdict {

struct Relation {
  std::optional<std::string> name;    // the most drastic operation; absent where none is known
  std::vector<Operation> operations;  // all that were found, the most drastic first
  Direction direction = Direction::undetermined;
  std::vector<std::string> reasons;  // what proves the direction, or why it stays open
};

/// Pure. Names relations of related models only; the direction comes from information that was
/// lost or added, never from likeness.
Relation find_relation(const forensics::ForensicEvidence& evidence, LineageClass lineage_class);

}  // namespace prov::verdict
