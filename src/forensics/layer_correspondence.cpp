#include "forensics/layer_correspondence.hpp"

#include <algorithm>

#include "forensics/calibrated_lines.hpp"

namespace prov::forensics {
namespace {

constexpr MapLines kOrderLines{lines::kLayerZ, lines::kMaterialCosine};
constexpr MapLines kGeometryLines{lines::kLayerZ, lines::kMaterialCosine};
constexpr MapLines kRawUnitLines{lines::kUnitZ, lines::kRawLayerUnits};
constexpr MapLines kTokenUnitLines{lines::kUnitZ, lines::kMappedLayerUnits};

std::size_t found(const std::vector<LayerSource>& map) {
  return static_cast<std::size_t>(std::ranges::count_if(
      map, [](const LayerSource& entry) { return entry.source.has_value(); }));
}

LayerCorrespondence read_map(MapBasis basis, const LayerTable& table, MapLines lines) {
  LayerCorrespondence map;
  map.of_b = map_layers(table, lines);
  map.of_a = map_layers(turned_around(table), lines);
  map.basis = found(map.of_b) > 0 ? basis : MapBasis::none;
  return map;
}

}  // namespace

std::string_view map_basis_name(MapBasis basis) {
  switch (basis) {
    case MapBasis::none:
      return "none";
    case MapBasis::order:
      return "unit-order";
    case MapBasis::geometry:
      return "unit-geometry";
    case MapBasis::units_raw:
      return "unit-match";
    case MapBasis::units_recovered:
      return "unit-match-recovered";
    case MapBasis::units_tokens:
      return "unit-match-tokens";
    case MapBasis::units_aligned:
      return "unit-match-aligned";
  }
  return "none";
}

std::size_t LayerCorrespondence::found_in_b() const { return found(of_b); }
std::size_t LayerCorrespondence::found_in_a() const { return found(of_a); }

LayerCorrespondence find_correspondence(const HiddenAxis& hidden, const UnitSearch* search) {
  LayerCorrespondence map;
  if (!hidden.stream_turned()) map = read_map(MapBasis::order, hidden.order, kOrderLines);
  if (map.basis == MapBasis::none && !hidden.geometry.empty())
    map = read_map(MapBasis::geometry, hidden.geometry, kGeometryLines);
  map.places_a = hidden.places_a;
  map.places_b = hidden.places_b;
  map.complete = true;
  if (map.basis != MapBasis::none || search == nullptr || !search->not_run.empty()) return map;

  struct Candidate {
    MapBasis basis;
    const BasisMatch& match;
  };
  const Candidate candidates[] = {{MapBasis::units_raw, search->raw},
                                  {MapBasis::units_recovered, search->recovered},
                                  {MapBasis::units_tokens, search->tokens},
                                  {MapBasis::units_aligned, search->aligned}};
  // The plainer basis, unless another one shows clearly more units, or as many far more alike.
  // Cosines of responses to tokens are on a scale of their own.
  constexpr double kClearly = 0.1;
  const Candidate* best = candidates;
  for (const Candidate& candidate : candidates) {
    const double more = candidate.match.share() - best->match.share();
    const bool of_one_scale =
        candidate.basis != MapBasis::units_tokens && best->basis != MapBasis::units_tokens;
    if (more > kClearly ||
        (more >= -kClearly && of_one_scale && candidate.match.nearer_than(best->match)))
      best = &candidate;
  }
  if (best->match.table.empty()) return map;
  map = read_map(best->basis, best->match.table,
                 best->basis == MapBasis::units_raw ? kRawUnitLines : kTokenUnitLines);
  map.places_a = search->places_a;
  map.places_b = search->places_b;
  map.complete = search->complete();
  return map;
}

}  // namespace prov::forensics
