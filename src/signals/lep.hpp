// LEP, layer energy profile: how much weight each layer carries. docs/signals/lep.md
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/checkpoint.hpp"
#include "signals/kit_similarity.hpp"

namespace prov::signals {

struct LepRecord {
  std::vector<double>
      profile;          // one number a layer, the largest is 1; a layer without matrices has 0
  std::string missing;  // why there is none; "" if there is

  friend bool operator==(const LepRecord&, const LepRecord&) = default;
};

/// Sums Frobenius norms by layer. Add tensors in the order of their names: sums of doubles depend
/// on it.
class LepBuilder {
 public:
  /// True for a tensor whose norm is wanted: in a layer, rank 2 or more.
  static bool wants_norm(const model::Tensor& tensor);

  /// `norm` over all elements, as the kit computes it (numeric/chained_norm.hpp). Tensors outside
  /// layers, and vectors of fewer than 1024 elements, do not count; longer vectors make their layer
  /// exist, without energy.
  void add(const model::Tensor& tensor, float norm);
  LepRecord finish() const;

 private:
  std::map<std::uint32_t, double> energy_;
};

/// Pearson correlation mapped to [0, 1]; the longer profile is interpolated to the length of the
/// shorter.
Similarity lep_similarity(const LepRecord& a, const LepRecord& b);

}  // namespace prov::signals
