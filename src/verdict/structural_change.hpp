// Changes of structure between two related models, read from the layer map and the shapes: layers
// dropped, repeated or stitched together, experts copied, units or tokens removed or added.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "forensics/gather.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::verdict {

/// An operation, and what it says of the direction.
struct Finding {
  Operation operation;
  Direction direction = Direction::undetermined;
  std::string proof;  // why the direction is proved; empty if it is not
  /// Not to be claimed beside this finding, whatever else says so: the model it would start from
  /// has lost or lacks what the other one has.
  Direction excluded = Direction::undetermined;
};

/// Leaves of a direction only that the opposite one is excluded.
void leave_open(Finding& finding);

/// The most drastic first. Pure.
std::vector<Finding> find_structural_changes(const forensics::ForensicEvidence& evidence);

}  // namespace prov::verdict
