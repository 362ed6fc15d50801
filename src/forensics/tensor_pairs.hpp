// Which tensor of one model answers which tensor of the other.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "model/checkpoint.hpp"

namespace prov::forensics {

/// Content hash by tensor name: equal values give equal hashes whatever the dtype that holds them.
/// May be empty.
using ContentHashes = std::map<std::string, base::ContentHash, std::less<>>;

struct TensorPair {
  const model::Tensor* a = nullptr;
  const model::Tensor* b = nullptr;
  bool same_shape = false;    // and stored in the same layout
  bool equal_hash = false;    // both hashes are known and equal
  bool unequal_hash = false;  // both hashes are known and differ
};

/// Points into both checkpoints, which must outlive it.
struct TensorPairing {
  std::vector<TensorPair> pairs;  // ordered by the name in `a`
  std::vector<const model::Tensor*> only_a, only_b;

  std::size_t same_shape() const;
  /// Every learned tensor has a partner of its shape, none is left over. False without pairs.
  bool complete() const;
  /// complete(), and the hash of every pair is known and equal.
  bool equal_hashes() const;
};

/// Pairs by role; tensors whose role is unknown or shared (companions of quantised weights) by
/// name. Buffers that follow from the configuration (causal masks, rotary frequencies) are left
/// out.
TensorPairing pair_tensors(const model::Checkpoint& a, const ContentHashes& hashes_a,
                           const model::Checkpoint& b, const ContentHashes& hashes_b);

}  // namespace prov::forensics
