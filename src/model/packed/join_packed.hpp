// Several stored tensors become the one weight that they hold.
#pragma once

#include "model/checkpoint.hpp"
#include "provenancekit/result.hpp"
#include "source/snapshot.hpp"

namespace prov::model {

/// Puts one tensor, with the name, shape and values of the weight, in place of the parts of every
/// packed weight of `checkpoint`, whose tensors are sorted by name; it keeps them as its `parts`.
/// What the tensors are decides;
/// what config.json says about them is needed where they leave something open, and must agree.
/// A scheme that is not known, or not settled by the files, stays as it is: `checkpoint.unread`
/// names it. Errors: malformed where config.json states another scheme than the tensors have; those
/// of the schemes (packed/*.hpp).
Result<void> join_packed_weights(Checkpoint& checkpoint, const source::Snapshot& snapshot);

}  // namespace prov::model
