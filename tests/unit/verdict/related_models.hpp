// Evidence of two related models, as the forensics would give it.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "forensics/gather.hpp"

namespace prov::verdict {

inline std::vector<model::MlpPlace> layers_in_order(int count) {
  std::vector<model::MlpPlace> places;
  for (int layer = 0; layer < count; ++layer) places.push_back({model::Tower::text, layer, -1});
  return places;
}

/// Layer j of B comes from layer sources[j] of A (-1: from none), all of one likeness.
inline void set_sources(forensics::ForensicEvidence& evidence, const std::vector<int>& sources) {
  auto& layers = evidence.layers;
  const double likeness = layers.of_b.empty() ? 0.99 : layers.of_b.front().effect;
  layers.of_b.assign(sources.size(), {});
  layers.of_a.assign(layers.places_a.size(), {});
  for (std::size_t j = 0; j < sources.size(); ++j) {
    if (sources[j] < 0) continue;
    const auto source = static_cast<std::size_t>(sources[j]);
    layers.of_b[j] = {source, 90, likeness};
    layers.of_a[source] = {j, 90, likeness};
  }
}

/// Layers in their order, dense differences of all sizes, MLPs alike by `likeness`.
inline forensics::ForensicEvidence related(int layers_a, int layers_b, double likeness) {
  forensics::ForensicEvidence evidence;
  evidence.a.hidden_units = evidence.b.hidden_units = 384;
  evidence.a.width = evidence.b.width = 128;
  auto& layers = evidence.layers;
  layers.basis = forensics::MapBasis::order;
  layers.complete = true;
  layers.places_a = evidence.hidden.places_a = layers_in_order(layers_a);
  layers.places_b = evidence.hidden.places_b = layers_in_order(layers_b);
  layers.of_b = {{0, 90, likeness}};
  std::vector<int> sources;
  for (int layer = 0; layer < layers_b; ++layer) sources.push_back(std::min(layer, layers_a - 1));
  set_sources(evidence, sources);
  for (int layer = 0; layer < std::min(layers_a, layers_b); ++layer) {
    evidence.hidden.mlps.push_back({layers.places_a[static_cast<std::size_t>(layer)],
                                    forensics::PermutationTest{90, likeness, 256, 288},
                                    std::nullopt, std::nullopt});
    for (const auto kind : {model::RoleKind::gate, model::RoleKind::up, model::RoleKind::down}) {
      forensics::MatrixChange change{.kind = kind, .layer_a = layer, .layer_b = layer};
      const double slope = likeness - 0.02 * layer;  // trained layers move by different amounts
      change.pattern = forensics::DifferencePattern{
          .elements = 1000, .slope = slope, .residual = 0.1, .equal = 0.01, .fine = 900};
      change.spectrum = forensics::DifferenceSpectrum{
          .kind = forensics::DifferenceKind::dense, .possible = 128, .relative_norm = 0.1};
      evidence.changes.matrices.push_back(change);
    }
  }
  return evidence;
}

/// The two models exchanged, as far as the layer map goes.
inline forensics::ForensicEvidence turned(forensics::ForensicEvidence evidence) {
  std::swap(evidence.layers.places_a, evidence.layers.places_b);
  std::swap(evidence.layers.of_a, evidence.layers.of_b);
  std::swap(evidence.hidden.places_a, evidence.hidden.places_b);
  return evidence;
}

}  // namespace prov::verdict
