// The test on the coordinates of the residual stream: one permutation acts on every layer at once,
// so there is one z a model.
#pragma once

#include <optional>
#include <stop_token>

#include "forensics/head_counts.hpp"
#include "forensics/permutation_z.hpp"
#include "model/checkpoint.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

struct ResidualAxis {
  std::optional<PermutationTest>
      test;  // absent if no matrix that reads the stream has one shape in both models
  std::size_t matrices = 0;  // that gave features
};

/// Features are about 1024 sampled rows of query, key, value, gate and up over all layers; units
/// are 384 coordinates at fixed places. Embeddings take no part: shared pretrained embeddings are
/// not shared layers. Exchangeable if the coordinates are initialised alike and the optimiser
/// treats them alike (true for SGD and Adam; not for sinusoidal position tables, identity or other
/// coordinate-wise initialisation). Errors: those of reading; cancelled.
Result<ResidualAxis> compare_residual_axis(const model::Checkpoint& a, const model::Checkpoint& b,
                                           const std::stop_token& stop,
                                           const HeadCounts& heads = {});

}  // namespace prov::forensics
