// The search for a copy that was re-parameterised on purpose: the strongest hidden units of many
// layers are matched in four bases. The choice of units, by the product of their norms, goes with
// them through every exact re-parameterisation.
//
//   raw        the coordinates of the residual stream as stored: sees through permuted units,
//              heads, norms and scales
//   recovered  the stream mapped by the embeddings (residual_map.hpp): sees through a permuted or
//              rotated stream as well
//   tokens     the responses to common tokens: needs no basis at all, and fits models of any width
//   aligned    the stream mapped by the units of other layers (unit_alignment.hpp): needs no token,
//              and models of one width and depth
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "forensics/coordinate_match.hpp"
#include "forensics/layer_table.hpp"
#include "forensics/token_rows.hpp"
#include "forensics/unit_match.hpp"
#include "model/mlp.hpp"
#include "model/model.hpp"
#include "provenancekit/progress.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// An MLP and its best partner: the one of highest assignment value, which no order of the units
/// can influence, so that the choice does not bend the agreement that is then counted.
struct MlpMatch {
  std::size_t a = 0, b = 0;  // indices into places_a, places_b
  UnitMatch units;
  double in_place = 0;  // share of the agreeing units that stand at one position in both models
};

struct BasisMatch {
  std::string missing;         // why the basis gave nothing; empty otherwise
  LayerTable table;            // z = (agreements - expected) / sqrt(expected); effect = share
  std::vector<MlpMatch> best;  // one for each MLP of B that was looked at
  std::size_t agreeing = 0, units = 0, expected = 0;  // over `best`
  double mean_cosine = 0;                             // of the matched readers, over `best`
  double background_cosine = 0;                       // the same over all other pairs of layers
  double background_share = 0;
  double log10_p = 0;  // P(at least as many agreements), Poisson(expected)

  double share() const {
    return units == 0 ? 0 : static_cast<double>(agreeing) / static_cast<double>(units);
  }
  /// The matched units are far more alike in this basis than in the other: a stream that was turned
  /// in part still shows the units as they are stored, but less alike than they are.
  bool nearer_than(const BasisMatch& other) const {
    constexpr double kFar = 0.2;
    return mean_cosine > other.mean_cosine + kFar;
  }
};

struct UnitSearch {
  std::string not_run;  // why the search did not take place; empty otherwise
  std::vector<model::MlpPlace> places_a, places_b;  // that were looked at
  std::size_t mlps_a = 0, mlps_b = 0;               // that there are
  BasisMatch raw, recovered, tokens, aligned;
  bool by_text = true;                         // tokens were matched by text; false: by id
  std::size_t tokens_used = 0;                 // common tokens behind `tokens`
  std::optional<double> map_fit;               // held-out cosine of the recovered map: no evidence
  std::optional<CoordinateMatch> coordinates;  // what the embeddings say of single coordinates

  bool complete() const { return places_a.size() == mlps_a && places_b.size() == mlps_b; }
};

struct UnitSearchLimits {
  bool all_layers = false;  // false: all up to 16; beyond, four of each model, or four of the
                            // shorter and at most 48 of the longer
};

/// 128 units a layer. Reads the MLPs of the chosen layers whole; keeps whole rows of the units of
/// at most 16 of them. `progress` may be null. Deterministic. Errors: those of reading; cancelled.
Result<UnitSearch> search_units(const model::Model& a, const std::vector<model::Mlp>& mlps_a,
                                const model::Model& b, const std::vector<model::Mlp>& mlps_b,
                                UnitSearchLimits limits, Progress* progress,
                                const std::stop_token& stop);

}  // namespace prov::forensics
