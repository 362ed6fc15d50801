#include "forensics/weight_changes.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "forensics/container_grid.hpp"
#include "forensics/grid_rounding.hpp"
#include "forensics/sampling.hpp"
#include "model/weight_view.hpp"

namespace prov::forensics {
namespace {

using model::RoleKind;

constexpr AxisSample kRows{128, 32};
constexpr std::uint64_t kColumns = 1024;
constexpr std::size_t kGridRows = 32, kGridColumns = 512;
constexpr std::size_t kSpectrumColumns = 256;
constexpr std::size_t kLayers = 4;
constexpr double kNearlyAllRounded = 0.999;

struct Pair {
  RoleKind kind;
  int layer_a, layer_b;
  model::WeightView a, b;
};

/// Layers of B and where they come from, dense MLPs and first experts; at most `most`, evenly
/// spread.
std::vector<std::pair<model::MlpPlace, model::MlpPlace>> sources(const LayerCorrespondence& layers,
                                                                 std::size_t most) {
  std::vector<std::pair<model::MlpPlace, model::MlpPlace>> all;
  for (std::size_t j = 0; j < layers.of_b.size(); ++j) {
    if (!layers.of_b[j].source || layers.places_b[j].expert > 0) continue;
    all.emplace_back(layers.places_a[*layers.of_b[j].source], layers.places_b[j]);
  }
  if (all.size() <= most) return all;
  std::vector<std::pair<model::MlpPlace, model::MlpPlace>> chosen;
  for (std::size_t i = 0; i < most; ++i) chosen.push_back(all[i * (all.size() - 1) / (most - 1)]);
  return chosen;
}

bool in_mlp(RoleKind kind) {
  return kind == RoleKind::gate || kind == RoleKind::up || kind == RoleKind::down;
}

std::vector<Pair> pairs_of(const model::Checkpoint& a, const model::Checkpoint& b,
                           const LayerCorrespondence& layers, std::size_t most,
                           const HeadCounts& heads) {
  const model::ViewMap in_a = model::weight_views(a, 1, heads.a),
                       in_b = model::weight_views(b, 1, heads.b);
  std::vector<Pair> pairs;
  for (const auto& [place_a, place_b] : sources(layers, most)) {
    for (const auto& [address, view] : in_b) {
      if (address.tower != place_b.tower || address.layer != place_b.layer) continue;
      if (in_mlp(address.kind) && address.expert != place_b.expert) continue;
      model::ViewAddress source = address;
      source.tower = place_a.tower;
      source.layer = place_a.layer;
      source.expert = in_mlp(address.kind) ? place_a.expert : address.expert;
      const auto found = in_a.find(source);
      if (found == in_a.end()) continue;
      if (found->second.outputs != view.outputs || found->second.inputs != view.inputs) continue;
      pairs.push_back({address.kind, place_a.layer, place_b.layer, found->second, view});
    }
  }
  return pairs;
}

std::vector<std::uint64_t> first_positions(std::uint64_t count) {
  std::vector<std::uint64_t> positions(count);
  std::iota(positions.begin(), positions.end(), std::uint64_t{0});
  return positions;
}

/// Rows as B stores them, so that what was done row by row or group by group stays visible.
Result<numeric::Matrix> read_stored(const model::Checkpoint& checkpoint,
                                    const model::WeightView& view, bool turned) {
  const model::WeightView oriented = turned ? view.flipped() : view;
  const auto rows = sampled_positions(oriented.outputs, kRows);
  const auto columns = first_positions(std::min(kColumns, oriented.inputs));
  return model::read_block(checkpoint, oriented, rows, columns);
}

numeric::Matrix corner(const numeric::Matrix& matrix, std::size_t rows, std::size_t columns) {
  numeric::Matrix result(std::min(rows, matrix.rows), std::min(columns, matrix.columns));
  for (std::size_t i = 0; i < result.rows; ++i)
    std::ranges::copy(matrix.row(i).first(result.columns), result.row(i).begin());
  return result;
}

/// Scales that were moved before rounding are tried where nothing else explains the values.
std::optional<double> share_rounded(const numeric::Matrix& a, const numeric::Matrix& b,
                                    const QuantisationGrid& grid) {
  const auto plain = share_rounded_to(a, b, grid);
  if (!plain || *plain >= kNearlyAllRounded) return plain;
  for (const Lines lines : {Lines::rows, Lines::columns}) {
    const auto scaled = share_rounded_to_scaled(a, b, grid, lines);
    if (scaled && *scaled >= kNearlyAllRounded) return scaled;
  }
  return plain;
}

/// Matrices are measured as B stores them, so that groups of columns that share a scale lie side by
/// side; where a container states a grid that runs across the lines, the other way.
bool is_turned(const Pair& pair) {
  return pair.b.transposed && !grid_runs_across(*pair.a.tensor) &&
         !grid_runs_across(*pair.b.tensor);
}

/// What the container says, else what the values show.
std::optional<QuantisationGrid> grid_of(const numeric::Matrix& part, const model::WeightView& view,
                                        bool turned) {
  if (!turned && view.transposed == grid_runs_across(*view.tensor)) {
    if (auto stated = container_grid(*view.tensor)) return stated;
  }
  return quantisation_grid(part);
}

void measure_grids(MatrixChange& change, const Pair& pair, const numeric::Matrix& a,
                   const numeric::Matrix& b) {
  const numeric::Matrix part_a = corner(a, kGridRows, kGridColumns),
                        part_b = corner(b, kGridRows, kGridColumns);
  change.grid_a = grid_of(part_a, pair.a, is_turned(pair));
  change.grid_b = grid_of(part_b, pair.b, is_turned(pair));
  if (change.grid_b) change.b_is_rounded_a = share_rounded(part_a, part_b, *change.grid_b);
  if (change.grid_a) change.a_is_rounded_b = share_rounded(part_b, part_a, *change.grid_a);
}

Result<MatrixChange> measure(const model::Checkpoint& a, const model::Checkpoint& b,
                             const Pair& pair) {
  MatrixChange change{.kind = pair.kind, .layer_a = pair.layer_a, .layer_b = pair.layer_b};
  PROV_TRY(const numeric::Matrix of_a, read_stored(a, pair.a, is_turned(pair)));
  PROV_TRY(const numeric::Matrix of_b, read_stored(b, pair.b, is_turned(pair)));
  change.pattern = difference_pattern(of_a, of_b);
  change.sparsity = sparsity(of_a, of_b);
  change.a_to_b = rounding_counts(of_a, of_b);
  change.b_to_a = rounding_counts(of_b, of_a);
  change.spectrum = difference_spectrum(corner(of_a, of_a.rows, kSpectrumColumns),
                                        corner(of_b, of_b.rows, kSpectrumColumns));
  measure_grids(change, pair, of_a, of_b);
  return change;
}

std::optional<StorageRounding> total_rounding(
    const std::vector<MatrixChange>& matrices,
    std::optional<RoundingCounts> MatrixChange::* direction) {
  RoundingCounts total;
  for (const MatrixChange& change : matrices) {
    if (!(change.*direction)) return std::nullopt;
    total += *(change.*direction);
  }
  return storage_rounding(total);
}

}  // namespace

Result<WeightChanges> measure_changes(const model::Checkpoint& a, const model::Checkpoint& b,
                                      const LayerCorrespondence& layers, bool all_layers,
                                      const std::stop_token& stop, const HeadCounts& heads) {
  WeightChanges changes;
  if (layers.basis != MapBasis::order && layers.basis != MapBasis::units_raw) {
    changes.not_measured = "no layers answer each other in the stored coordinates";
    return changes;
  }
  const std::vector<Pair> pairs =
      pairs_of(a, b, layers, all_layers ? layers.of_b.size() : kLayers, heads);
  changes.matrices.resize(pairs.size());
  std::vector<std::optional<Error>> errors(pairs.size());
  base::parallel_for(pairs.size(), base::worker_count(), [&](std::size_t i) {
    if (stop.stop_requested()) return;
    if (auto change = measure(a, b, pairs[i])) {
      changes.matrices[i] = *std::move(change);
    } else {
      errors[i] = std::move(change).error();
    }
  });
  if (stop.stop_requested())
    return Error{.code = ErrorCode::cancelled, .message = "stopped while measuring changes"};
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  changes.b_is_shorter = total_rounding(changes.matrices, &MatrixChange::a_to_b);
  changes.a_is_shorter = total_rounding(changes.matrices, &MatrixChange::b_to_a);
  if (pairs.empty()) changes.not_measured = "no matrices of one shape answer each other";
  return changes;
}

}  // namespace prov::forensics
