#include "fingerprint/compare_samples.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/parallel_for.hpp"
#include "forensics/permutation_z.hpp"

namespace prov::fingerprint {
namespace {

using forensics::HiddenAxis;
using forensics::LayerCell;
using forensics::LayerTable;
using numeric::Matrix;

constexpr std::size_t kParts = 3;  // gate, up, down

/// The rows without the gate, where only one side has one.
Matrix order_rows(const UnitSample& sample, bool with_gate) {
  Matrix rows = restore_rows(sample.rows);
  if (!sample.gated || with_gate) return rows;
  const std::size_t gate = rows.columns / kParts;
  Matrix result(rows.rows, rows.columns - gate);
  for (std::size_t i = 0; i < rows.rows; ++i)
    std::ranges::copy(rows.row(i).subspan(gate), result.row(i).begin());
  return result;
}

bool same_widths(const UnitSample& a, const UnitSample& b) {
  return a.hidden == b.hidden && a.residual == b.residual;
}

std::optional<LayerCell> order_cell(const UnitSample& a, const UnitSample& b) {
  if (!same_widths(a, b)) return std::nullopt;
  const bool with_gate = a.gated && b.gated;
  const auto test = forensics::permutation_test(order_rows(a, with_gate), order_rows(b, with_gate));
  if (!test) return std::nullopt;
  return LayerCell{test->z, test->cosine};
}

std::optional<LayerCell> geometry_cell(const UnitSample& a, const UnitSample& b) {
  if (a.hidden != b.hidden || a.gated != b.gated) return std::nullopt;
  const auto agreement = forensics::gram_agreement(gram_of(a), gram_of(b));
  if (!agreement) return std::nullopt;
  return LayerCell{agreement->z, agreement->cka};
}

using Cell = std::optional<LayerCell> (*)(const UnitSample& a, const UnitSample& b);

LayerTable table_of(const Standard& a, const Standard& b, Cell cell_of) {
  LayerTable table(a.samples.size(), b.samples.size());
  base::parallel_for(table.cells.size(), base::worker_count(), [&](std::size_t cell) {
    table.cells[cell] =
        cell_of(a.samples[cell / b.samples.size()], b.samples[cell % b.samples.size()]);
  });
  return table;
}

bool speaks(const LayerTable& table) {
  return std::ranges::any_of(table.cells, [](const auto& cell) {
    return cell.has_value() && cell->z >= forensics::kOrderSpeaks;
  });
}

bool same_place(const model::MlpPlace& a, const model::MlpPlace& b) {
  return a.tower == b.tower && a.layer == b.layer;
}

/// The excess of all pairs at one place that agree in order: angles are at hand. A small one is
/// left out: rows are kept in few bits, angles in more.
std::optional<forensics::GeometryExcess> excess_of(const HiddenAxis& axis,
                                                   const LayerTable& geometry) {
  std::vector<LayerCell> in_order, angles;
  for (std::size_t i = 0; i < axis.places_a.size(); ++i) {
    for (std::size_t j = 0; j < axis.places_b.size(); ++j) {
      if (!same_place(axis.places_a[i], axis.places_b[j])) continue;
      const auto &order = axis.order.at(i, j), &angle = geometry.at(i, j);
      if (!order || order->z < forensics::kOrderSpeaks || !angle) continue;
      in_order.push_back(*order);
      angles.push_back(*angle);
    }
  }
  const auto excess = forensics::geometry_excess(in_order, angles);
  return excess && excess->excess >= forensics::lines::kStreamTurned ? excess : std::nullopt;
}

}  // namespace

HiddenAxis compare_samples(const Standard& a, const Standard& b) {
  HiddenAxis axis;
  for (const UnitSample& sample : a.samples) axis.places_a.push_back(sample.place);
  for (const UnitSample& sample : b.samples) axis.places_b.push_back(sample.place);
  axis.order = table_of(a, b, order_cell);
  LayerTable geometry = table_of(a, b, geometry_cell);
  axis.excess = excess_of(axis, geometry);
  if (!speaks(axis.order) || axis.stream_turned()) axis.geometry = std::move(geometry);
  for (std::size_t i = 0; i < a.samples.size(); ++i) {
    for (std::size_t j = 0; j < b.samples.size(); ++j) {
      if (!same_place(axis.places_a[i], axis.places_b[j])) continue;
      forensics::MlpComparison comparison{.place = axis.places_a[i]};
      if (const auto& cell = axis.order.at(i, j))
        comparison.order =
            forensics::PermutationTest{cell->z, cell->effect, a.samples[i].rows.rows(), 0};
      if (!axis.geometry.empty() && axis.geometry.at(i, j))
        comparison.geometry =
            forensics::GramAgreement{axis.geometry.at(i, j)->effect, axis.geometry.at(i, j)->z,
                                     units_of_angles(a.samples[i].angles.columns)};
      axis.mlps.push_back(std::move(comparison));
      axis.different_widths += !same_widths(a.samples[i], b.samples[j]);
    }
  }
  return axis;
}

}  // namespace prov::fingerprint
