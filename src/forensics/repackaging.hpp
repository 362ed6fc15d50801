// Are two checkpoints the same weights in another form: other names, fused or split projections,
// turned matrices, an untied head, biases of zero, another float type, other shards?
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "forensics/head_counts.hpp"
#include "model/checkpoint.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

struct Repackaging {
  bool equal_values = false;       // every learned value of one model is in the other
  std::vector<std::string> forms;  // how the checkpoints differ, e.g. "3 files instead of 1"
};

/// Compares every value by its role, fused projections part by part. A head that one model lacks
/// counts as there if the other's is its own embedding; a bias that one model lacks if the other's
/// is zero. Stops at the first difference. Reads both models once where they are equal.
/// Errors: those of reading; cancelled.
Result<Repackaging> compare_forms(const model::Checkpoint& a, const model::Checkpoint& b,
                                  const std::stop_token& stop, const HeadCounts& heads = {});

/// The differences in form alone: float types, number of files, names. Reads nothing.
std::vector<std::string> container_differences(const model::Checkpoint& a,
                                               const model::Checkpoint& b);

}  // namespace prov::forensics
