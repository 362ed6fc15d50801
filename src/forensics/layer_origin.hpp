// Where each layer of a child comes from, whatever its number there.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "model/checkpoint.hpp"
#include "model/weight_view.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// A layer of a candidate beside a layer of the child, on sampled elements of all its matrices.
struct LayerMatch {
  std::size_t candidate = 0;
  int layer = 0;
  double difference = 0;  // ||child - source|| / ||child||, >= 0
  bool equal = false;     // every sampled value is equal
};

struct LayerOrigin {
  model::Tower tower = model::Tower::text;
  int layer = 0;  // of the child
  LayerMatch best;
  std::optional<LayerMatch> next_layer;      // the nearest other layer of that candidate
  std::optional<LayerMatch> next_candidate;  // the nearest layer of the other candidates
  std::optional<LayerMatch> same_place;      // the nearest layer of the child's own number
};

/// The nearest layer among those of all candidates that have matrices of the same kinds and
/// shapes; layers without one are left out, ordered by tower and layer. Among equally near ones
/// the continuation of the layer before is taken, then the first candidate. Errors: those of
/// reading; cancelled.
Result<std::vector<LayerOrigin>> find_layer_origins(
    const model::Checkpoint& child, std::span<const model::Checkpoint* const> candidates,
    const std::stop_token& stop);

/// Layers with matrices that weight_views lists.
std::size_t count_layers(const model::Checkpoint& checkpoint);

}  // namespace prov::forensics
