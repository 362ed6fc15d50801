#include "forensics/hidden_axis.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "forensics/unit_sample.hpp"

namespace prov::forensics {
namespace {

struct Side {
  const model::Checkpoint& checkpoint;
  std::vector<model::Mlp> mlps;
};

/// One prepared sample for every MLP, read in parallel.
template <class Sample, class Read>
Result<std::vector<Sample>> read_all(const Side& side, const std::stop_token& stop, Read read) {
  std::vector<Sample> samples(side.mlps.size());
  std::vector<std::optional<Error>> errors(side.mlps.size());
  base::parallel_for(side.mlps.size(), base::worker_count(), [&](std::size_t i) {
    if (stop.stop_requested()) return;
    if (auto sample = read(side.checkpoint, side.mlps[i])) {
      samples[i] = *std::move(sample);
    } else {
      errors[i] = std::move(sample).error();
    }
  });
  if (stop.stop_requested())
    return Error{.code = ErrorCode::cancelled, .message = "stopped while comparing MLPs"};
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  return samples;
}

template <class Sample, class Compare>
LayerTable compare_all(const std::vector<Sample>& a, const std::vector<Sample>& b,
                       Compare compare) {
  LayerTable table(a.size(), b.size());
  base::parallel_for(table.cells.size(), base::worker_count(), [&](std::size_t cell) {
    table.cells[cell] = compare(cell / b.size(), cell % b.size());
  });
  return table;
}

bool same_widths(const model::Mlp& a, const model::Mlp& b) {
  return a.hidden() == b.hidden() && a.residual() == b.residual();
}

using Samples = std::vector<OrderedUnits>;

LayerTable order_table(const Side& a, const Samples& in_a, const Side& b, const Samples& in_b) {
  return compare_all(in_a, in_b, [&](std::size_t i, std::size_t j) -> std::optional<LayerCell> {
    if (!same_widths(a.mlps[i], b.mlps[j])) return std::nullopt;
    const auto test = order_agreement(in_a[i], in_b[j]);
    if (!test) return std::nullopt;
    return LayerCell{test->z, test->cosine};
  });
}

Result<LayerTable> geometry_table(const Side& a, const Side& b, bool with_gate,
                                  const std::stop_token& stop) {
  const auto read = [&](const model::Checkpoint& checkpoint, const model::Mlp& mlp) {
    return read_unit_geometry(checkpoint, mlp, with_gate);
  };
  PROV_TRY(const auto in_a, (read_all<CentredGram>(a, stop, read)));
  PROV_TRY(const auto in_b, (read_all<CentredGram>(b, stop, read)));
  return compare_all(in_a, in_b, [&](std::size_t i, std::size_t j) -> std::optional<LayerCell> {
    if (a.mlps[i].hidden() != b.mlps[j].hidden()) return std::nullopt;
    const auto agreement = gram_agreement(in_a[i], in_b[j]);
    if (!agreement) return std::nullopt;
    return LayerCell{agreement->z, agreement->cka};
  });
}

/// Assignments cost more than the other tests: eight MLPs stand for all. Their background is the
/// value of the assignment to the MLP that follows.
void add_assignments(HiddenAxis& axis, const Side& a, const Samples& in_a, const Side& b,
                     const Samples& in_b,
                     const std::vector<std::pair<std::size_t, std::size_t>>& pairs) {
  constexpr std::size_t kMost = 8;
  const std::size_t count = std::min(kMost, axis.mlps.size());
  std::vector<std::optional<AssignmentIdentity>> own(count), next(count);
  const auto chosen = [&](std::size_t i) {
    return count < 2 ? 0 : i * (axis.mlps.size() - 1) / (count - 1);
  };
  base::parallel_for(2 * count, base::worker_count(), [&](std::size_t job) {
    const std::size_t i = chosen(job / 2);
    const std::size_t j = (i + job % 2) % pairs.size();
    (job % 2 == 0 ? own : next)[job / 2] =
        same_widths(a.mlps[pairs[i].first], b.mlps[pairs[j].second])
            ? assignment_identity(in_a[pairs[i].first].rows, in_b[pairs[j].second].rows)
            : std::nullopt;
  });
  double background = 0, computed = 0;
  for (std::size_t i = 0; i < count; ++i) {
    axis.mlps[chosen(i)].assignment = own[i];
    if (!next[i] || count < 2) continue;
    background += next[i]->value;
    ++computed;
  }
  if (computed > 0) axis.assignment_background = background / computed;
}

/// The MLP of B at the place of `place` in A; where only one model has experts, its expert 0 meets
/// the other's dense MLP.
std::optional<std::size_t> partner_of(const model::MlpPlace& place, const Side& b) {
  const auto find = [&](int expert) -> std::optional<std::size_t> {
    const model::MlpPlace wanted{place.tower, place.layer, expert};
    const auto found = std::ranges::find(b.mlps, wanted, &model::Mlp::place);
    if (found == b.mlps.end()) return std::nullopt;
    return static_cast<std::size_t>(found - b.mlps.begin());
  };
  if (const auto same = find(place.expert)) return same;
  if (place.expert == model::kNoIndex) return find(0);
  return place.expert == 0 ? find(model::kNoIndex) : std::nullopt;
}

bool speaks(const LayerTable& table) {
  return std::ranges::any_of(
      table.cells, [](const auto& cell) { return cell.has_value() && cell->z >= kOrderSpeaks; });
}

std::vector<std::pair<std::size_t, std::size_t>> pairs_at_one_place(const Side& a, const Side& b) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < a.mlps.size(); ++i) {
    if (const auto j = partner_of(a.mlps[i].place, b)) pairs.emplace_back(i, *j);
  }
  return pairs;
}

/// The excess of up to four pairs at one place that agree in order, evenly spread.
Result<std::optional<GeometryExcess>> excess_in_few(
    const Side& a, const Side& b, const LayerTable& order,
    const std::vector<std::pair<std::size_t, std::size_t>>& same_place, bool with_gate,
    const std::stop_token& stop) {
  constexpr std::size_t kMost = 4;
  std::vector<std::pair<std::size_t, std::size_t>> speaking;
  for (const auto& pair : same_place) {
    const auto& cell = order.at(pair.first, pair.second);
    if (cell && cell->z >= kOrderSpeaks) speaking.push_back(pair);
  }
  const std::size_t count = std::min(kMost, speaking.size());
  Side few_a{a.checkpoint, {}}, few_b{b.checkpoint, {}};
  std::vector<LayerCell> in_order;
  for (std::size_t n = 0; n < count; ++n) {
    const auto& [i, j] = speaking[count < 2 ? 0 : n * (speaking.size() - 1) / (count - 1)];
    few_a.mlps.push_back(a.mlps[i]);
    few_b.mlps.push_back(b.mlps[j]);
    in_order.push_back(*order.at(i, j));
  }
  PROV_TRY(const LayerTable table, geometry_table(few_a, few_b, with_gate, stop));
  std::vector<LayerCell> angles;
  for (std::size_t n = 0; n < count; ++n) {
    if (const auto& cell = table.at(n, n)) angles.push_back(*cell);
  }
  if (angles.size() < count) return std::optional<GeometryExcess>();
  return geometry_excess(in_order, angles);
}

bool all_gated(const Side& side) {
  return std::ranges::all_of(side.mlps, [](const model::Mlp& mlp) { return mlp.gate.has_value(); });
}

MlpComparison comparison_of(const HiddenAxis& axis, const Side& a, std::size_t i, std::size_t j) {
  MlpComparison comparison{.place = a.mlps[i].place};
  if (const auto& cell = axis.order.at(i, j))
    comparison.order = PermutationTest{cell->z, cell->effect, ordered_units(a.mlps[i]), 0};
  if (axis.geometry.empty()) return comparison;
  if (const auto& cell = axis.geometry.at(i, j))
    comparison.geometry = GramAgreement{cell->effect, cell->z, measured_units(a.mlps[i])};
  return comparison;
}

template <class Comparison>
std::vector<const MlpComparison*> with(const std::vector<MlpComparison>& mlps,
                                       Comparison comparison) {
  std::vector<const MlpComparison*> result;
  for (const MlpComparison& mlp : mlps) {
    if (std::invoke(comparison, mlp)) result.push_back(&mlp);
  }
  return result;
}

}  // namespace

std::optional<GeometryExcess> geometry_excess(std::span<const LayerCell> order,
                                              std::span<const LayerCell> geometry) {
  std::vector<GeometryExcess> all;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double explained = order[i].effect * order[i].effect;
    all.push_back({geometry[i].effect - explained, 1 - explained});
  }
  if (all.empty()) return std::nullopt;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>((all.size() - 1) / 2);
  std::ranges::nth_element(all, middle, {}, &GeometryExcess::excess);
  return *middle;
}

bool HiddenAxis::stream_turned() const {
  constexpr double kMoreThanRounding = 0.005;
  if (!excess) return false;
  return excess->excess >= lines::kStreamTurned ||
         (excess->loss >= kMoreThanRounding && excess->excess >= lines::kOnlyTurned * excess->loss);
}

std::vector<const MlpComparison*> HiddenAxis::ordered() const {
  return with(mlps, &MlpComparison::order);
}

std::vector<const MlpComparison*> HiddenAxis::measured() const {
  return with(mlps, &MlpComparison::geometry);
}

Result<HiddenAxis> compare_hidden_axis(const model::Checkpoint& checkpoint_a,
                                       std::vector<model::Mlp> in_a,
                                       const model::Checkpoint& checkpoint_b,
                                       std::vector<model::Mlp> in_b, const std::stop_token& stop) {
  const Side a{checkpoint_a, std::move(in_a)}, b{checkpoint_b, std::move(in_b)};
  const bool with_gate = all_gated(a) && all_gated(b);
  HiddenAxis axis;
  for (const model::Mlp& mlp : a.mlps) axis.places_a.push_back(mlp.place);
  for (const model::Mlp& mlp : b.mlps) axis.places_b.push_back(mlp.place);
  const auto read = [&](const model::Checkpoint& checkpoint, const model::Mlp& mlp) {
    return read_ordered_units(checkpoint, mlp, with_gate);
  };
  PROV_TRY(const Samples samples_a, (read_all<OrderedUnits>(a, stop, read)));
  PROV_TRY(const Samples samples_b, (read_all<OrderedUnits>(b, stop, read)));
  axis.order = order_table(a, samples_a, b, samples_b);
  const auto same_place = pairs_at_one_place(a, b);
  if (speaks(axis.order)) {
    PROV_TRY(axis.excess, excess_in_few(a, b, axis.order, same_place, with_gate, stop));
  }
  if (!speaks(axis.order) || axis.stream_turned()) {
    PROV_TRY(axis.geometry, geometry_table(a, b, with_gate, stop));
  }
  for (const auto& [i, j] : same_place) axis.mlps.push_back(comparison_of(axis, a, i, j));
  for (const auto& [i, j] : same_place) axis.different_widths += !same_widths(a.mlps[i], b.mlps[j]);
  add_assignments(axis, a, samples_a, b, samples_b, same_place);
  return axis;
}

}  // namespace prov::forensics
