#include "verdict/lineage_summary.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "forensics/permutation_z.hpp"
#include "verdict/lineage_thresholds.hpp"

namespace prov::verdict {
namespace {

struct Part {
  double z, effect;
  bool proof;
};

std::optional<AxisSummary> summarise(const std::vector<Part>& parts) {
  if (parts.empty()) return std::nullopt;
  AxisSummary summary{.mlps = parts.size(), .strongest = parts.front().effect};
  std::vector<double> z;
  for (const Part& part : parts) {
    z.push_back(part.z);
    summary.agreeing += part.proof;
    summary.mean += part.effect / static_cast<double>(parts.size());
    summary.strongest = std::max(summary.strongest, part.effect);
    summary.largest_z = std::max(summary.largest_z, std::abs(part.z));
  }
  summary.z = forensics::stouffer(z);
  return summary;
}

}  // namespace

std::optional<AxisSummary> summarise_order(const forensics::HiddenAxis& hidden) {
  std::vector<Part> parts;
  for (const forensics::MlpComparison* mlp : hidden.ordered()) {
    const forensics::PermutationTest& test = *mlp->order;
    parts.push_back({test.z, test.cosine, test.z >= kLayerZ && test.cosine >= kMaterialCosine});
  }
  return summarise(parts);
}

std::optional<AxisSummary> summarise_geometry(const forensics::HiddenAxis& hidden) {
  std::vector<Part> parts;
  for (const forensics::MlpComparison* mlp : hidden.measured()) {
    parts.push_back({mlp->geometry->z, mlp->geometry->cka, mlp->geometry->z >= kLayerZ});
  }
  return summarise(parts);
}

double mean_likeness(const forensics::LayerCorrespondence& layers) {
  double sum = 0;
  std::size_t count = 0;
  for (const forensics::LayerSource& entry : layers.of_b) {
    if (!entry.source) continue;
    sum += entry.effect;
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

bool is_proof(const AxisSummary& summary) {
  const double share = static_cast<double>(summary.agreeing) / static_cast<double>(summary.mlps);
  return summary.z >= kProofZ && summary.agreeing > 0 && share >= kLeastAgreeingShare;
}

}  // namespace prov::verdict
