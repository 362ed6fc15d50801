// The tensors of a child, each beside its counterparts in the models that it may be made of.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/checkpoint.hpp"
#include "model/weight_view.hpp"

namespace prov::forensics {

/// One tensor of the child. Points into the checkpoints, which must outlive it.
struct MergeSite {
  std::string module;           // kind of its role, e.g. "gate"; a bias is "query bias"
  int layer = model::kNoIndex;  // kNoIndex: outside the layers
  bool core = false;            // a matrix of a layer: parents are selected on these alone
  model::WeightView child;
  std::vector<std::optional<model::WeightView>> models;  // by candidate; absent: none of this shape
};

struct MergeSites {
  std::vector<MergeSite> sites;  // core sites first, each part in a fixed order
  /// By candidate: why it cannot be fitted; absent if each core site has its counterpart.
  std::vector<std::optional<std::string>> obstacles;

  std::size_t core_count() const;
};

/// Matrices of the layers through weight_views (fused and transposed ones too), everything else by
/// role. No core sites: the child has no matrix that can be read as numbers.
MergeSites merge_sites(const model::Checkpoint& child,
                       std::span<const model::Checkpoint* const> candidates);

}  // namespace prov::forensics
