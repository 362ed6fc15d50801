#include "verdict/lineage_layers.hpp"

#include <map>
#include <set>

namespace prov::verdict {
namespace {

using forensics::LayerCorrespondence;

std::optional<int> expert_of(const model::MlpPlace& place) {
  return place.expert >= 0 ? std::optional(place.expert) : std::nullopt;
}

LayerOrigin origin_of(const LayerCorrespondence& layers, std::size_t j) {
  const forensics::LayerSource& entry = layers.of_b[j];
  LayerOrigin origin{.layer = layers.places_b[j].layer, .expert = expert_of(layers.places_b[j])};
  if (!entry.source) return origin;
  origin.source_layer = layers.places_a[*entry.source].layer;
  origin.source_expert = expert_of(layers.places_a[*entry.source]);
  origin.effect = entry.effect;
  origin.z = entry.z;
  return origin;
}

}  // namespace

LayerMap describe_layers(const LayerCorrespondence& layers) {
  LayerMap map;
  map.basis = forensics::map_basis_name(layers.basis);
  map.complete = layers.complete;
  if (layers.basis == forensics::MapBasis::none) return map;
  std::map<int, std::set<int>> users;  // layers of B by the layer of A that they come from
  for (std::size_t j = 0; j < layers.of_b.size(); ++j) {
    map.origins.push_back(origin_of(layers, j));
    const LayerOrigin& origin = map.origins.back();
    if (origin.source_layer) users[*origin.source_layer].insert(origin.layer);
  }
  for (const auto& [layer, users_of_layer] : users) {
    if (users_of_layer.size() > 1) map.repeated.push_back(layer);
  }
  std::set<int> layers_a, layers_b;
  for (const model::MlpPlace& place : layers.places_a) layers_a.insert(place.layer);
  for (const model::MlpPlace& place : layers.places_b) layers_b.insert(place.layer);
  if (layers.complete) {
    for (int layer : layers_a) {
      if (!users.contains(layer)) map.unused.push_back(layer);
    }
  }
  map.identity = layers_a == layers_b;
  std::optional<int> before;
  for (const LayerOrigin& origin : map.origins) {
    if (origin.source_layer != origin.layer) map.identity = false;
    if (!origin.source_layer) continue;
    const bool same = before && *origin.source_layer == *before;
    const bool next = before && *origin.source_layer == *before + 1;
    if (layers.complete && before && !next && !(same && origin.expert)) {
      if (map.jumps.empty() || map.jumps.back() != origin.layer) map.jumps.push_back(origin.layer);
    }
    before = origin.source_layer;
  }
  return map;
}

}  // namespace prov::verdict
