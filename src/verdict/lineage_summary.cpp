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

const forensics::BasisMatch* units_behind_map(const forensics::ForensicEvidence& evidence) {
  switch (evidence.layers.basis) {
    case forensics::MapBasis::units_raw:
      return &evidence.search.raw;
    case forensics::MapBasis::units_recovered:
      return &evidence.search.recovered;
    case forensics::MapBasis::units_tokens:
      return &evidence.search.tokens;
    case forensics::MapBasis::units_aligned:
      return &evidence.search.aligned;
    case forensics::MapBasis::none:
    case forensics::MapBasis::order:
    case forensics::MapBasis::geometry:
      return nullptr;
  }
  return nullptr;
}

std::optional<double> mapped_unit_cosine(const forensics::ForensicEvidence& evidence) {
  const forensics::BasisMatch* match = units_behind_map(evidence);
  if (match == nullptr) return std::nullopt;
  double sum = 0;
  std::size_t count = 0;
  for (const forensics::MlpMatch& mlp : match->best) {
    if (mlp.b >= evidence.layers.of_b.size() || evidence.layers.of_b[mlp.b].source != mlp.a)
      continue;
    sum += mlp.units.cosine;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

std::optional<double> placed_unit_share(const forensics::UnitSearch& search) {
  std::optional<double> largest;
  for (const forensics::BasisMatch* match :
       {&search.raw, &search.recovered, &search.tokens, &search.aligned}) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t a = 0; a < match->table.rows; ++a) {
      for (std::size_t b = 0; b < match->table.columns; ++b) {
        if (search.places_a[a] != search.places_b[b] || !match->table.at(a, b)) continue;
        sum += match->table.at(a, b)->effect;
        ++count;
      }
    }
    if (count > 0) largest = std::max(largest.value_or(0), sum / static_cast<double>(count));
  }
  return largest;
}

bool is_proof(const AxisSummary& summary) {
  const double share = static_cast<double>(summary.agreeing) / static_cast<double>(summary.mlps);
  return summary.z >= kProofZ && summary.agreeing > 0 && share >= kLeastAgreeingShare;
}

}  // namespace prov::verdict
