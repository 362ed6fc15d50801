#include "signals/wvc.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "numeric/correlation.hpp"
#include "signals/tensor_naming.hpp"

namespace prov::signals {

Sampling wvc_sampling(std::uint64_t elements, std::uint64_t subsample) {
  if (elements <= subsample) return {1, elements};
  return {elements / subsample, subsample};
}

bool belongs_to_wvc(const model::Tensor& tensor) {
  if (tensor.info.shape.size() < 2 || !kit_layer(tensor.info.name)) return false;
  switch (kit_category(tensor.info.name)) {
    case KitCategory::q_proj:
    case KitCategory::k_proj:
    case KitCategory::v_proj:
    case KitCategory::o_proj:
    case KitCategory::gate_proj:
    case KitCategory::up_proj:
    case KitCategory::down_proj:
      return true;
    case KitCategory::embedding:
    case KitCategory::norm:
    case KitCategory::lm_head:
    case KitCategory::other:
      return false;
  }
  return false;
}

Similarity wvc_similarity(const WvcRecord& a, const WvcRecord& b) {
  double sum = 0;
  std::size_t usable = 0;
  for (const auto& [layer, samples] : a.layers) {
    const auto other = b.layers.find(layer);
    if (other == b.layers.end()) continue;
    const std::size_t common = std::min(samples.size(), other->second.size());
    if (common < 64) continue;
    const auto angle =
        numeric::angle(std::span(samples).first(common), std::span(other->second).first(common));
    const double lengths = angle.norm_a * angle.norm_b;
    if (!(lengths >= 1e-10)) continue;
    sum += std::clamp(angle.dot / lengths, 0.0, 1.0);
    ++usable;
  }
  if (usable < 2) return std::nullopt;
  return rounded(sum / static_cast<double>(usable));
}

}  // namespace prov::signals
