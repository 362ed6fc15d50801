// The layer map of two models, taken from the strongest evidence that there is.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "forensics/hidden_axis.hpp"
#include "forensics/layer_map.hpp"
#include "forensics/unit_search.hpp"

namespace prov::forensics {

/// Which statistic the map was read from. `none`: no pair of layers agrees.
enum class MapBasis {
  none,
  order,
  geometry,
  units_raw,
  units_recovered,
  units_tokens,
  units_aligned
};
/// Stable text: "none", "unit-order", "unit-geometry", "unit-match", "unit-match-recovered",
/// "unit-match-tokens", "unit-match-aligned".
std::string_view map_basis_name(MapBasis basis);

struct LayerCorrespondence {
  MapBasis basis = MapBasis::none;
  std::vector<model::MlpPlace> places_a, places_b;  // of the MLPs that were looked at
  bool complete = false;                            // all of both models
  std::vector<LayerSource> of_b;                    // for each of places_b: its source in places_a
  std::vector<LayerSource> of_a;                    // and the other way round

  std::size_t found_in_b() const;  // entries of of_b with a source
  std::size_t found_in_a() const;
};

/// The order of the units if some pair of layers shows it, else their geometry, else the basis of
/// the search (may be null) in which most units agree. A pair counts by z >= 8 and an effect of
/// 0.05 (0.1 for matched units) or more; strangers stay below z 5 in all pairs of the development
/// zoo.
LayerCorrespondence find_correspondence(const HiddenAxis& hidden, const UnitSearch* search);

}  // namespace prov::forensics
