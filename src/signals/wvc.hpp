// WVC, weight value cosine: sampled elements of each layer's matrices, compared in place.
// docs/signals/wvc.md
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/checkpoint.hpp"
#include "signals/kit_similarity.hpp"

namespace prov::signals {

/// The kit's number of elements taken from a tensor (PROVENANCEKIT_WVC_SUBSAMPLE).
inline constexpr std::uint64_t kDefaultWvcSubsample = 4096;

struct WvcRecord {
  std::uint64_t subsample = kDefaultWvcSubsample;
  std::map<std::uint32_t, std::vector<float>>
      layers;           // layer -> samples of its matrices in kit_order
  std::string missing;  // why there is none; "" if there is

  friend bool operator==(const WvcRecord&, const WvcRecord&) = default;
};

/// Elements 0, stride, 2 stride, ... of a flattened tensor.
struct Sampling {
  std::uint64_t stride = 1;
  std::uint64_t count = 0;
};
/// All elements, or `subsample` (>= 1) of them with stride elements / subsample.
Sampling wvc_sampling(std::uint64_t elements, std::uint64_t subsample);

/// True for a tensor that WVC takes: in a layer, rank 2 or more, named like a projection.
bool belongs_to_wvc(const model::Tensor& tensor);

/// Mean over the common layers of the cosine of the samples, negative ones as 0. Layers with fewer
/// than 64 common samples do not count; absent with fewer than 2 layers.
Similarity wvc_similarity(const WvcRecord& a, const WvcRecord& b);

}  // namespace prov::signals
