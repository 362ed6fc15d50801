#include "forensics/grid_rounding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "forensics/grid_groups.hpp"
#include "forensics/level_table.hpp"
#include "forensics/scale_fit.hpp"
#include "forensics/stored_precision.hpp"

namespace prov::forensics {
namespace {

constexpr double kRoundingSlack = 0.02;  // of a step: the scale is known to storage precision only
constexpr std::size_t kFewestInLine = 16;

bool finite(const numeric::Matrix& matrix) {
  return std::ranges::all_of(matrix.values, [](float x) { return std::isfinite(x); });
}

/// What of A rounds to one element of B: [low, high], in units of the weights.
struct Cell {
  double low = 0, high = 0;
  double step = 1;  // of the grid there
};

Cell cell_of(const LevelTable& table, const ScaleFit& fit, double level) {
  constexpr double kAny = std::numeric_limits<double>::infinity();
  const LevelGaps gaps = gaps_at(table, level);
  return {level <= fit.lowest ? -kAny : level - gaps.below / 2 - kRoundingSlack,
          level >= fit.highest ? kAny : level + gaps.above / 2 + kRoundingSlack,
          (gaps.below + gaps.above) / 2};
}

/// For each element of B its cell; std::nullopt for those of groups that do not fit.
std::vector<std::optional<Cell>> cells_of(const numeric::Matrix& b, const LevelTable& table,
                                          std::size_t group) {
  std::vector<std::optional<Cell>> cells(b.values.size());
  const PossibleStorage storage = possible_storage(b.values);
  for (const auto& [begin, size] : groups_of(b, group)) {
    const GroupValues values =
        group_values(std::span(b.values).subspan(begin, size), storage, table.offset);
    const auto fit = fit_scale(values, table);
    if (!fit) continue;
    for (std::size_t i = begin; i < begin + size; ++i) {
      const double level =
          nearest_level(table, (static_cast<double>(b.values[i]) - values.offset) / fit->scale);
      const Cell steps = cell_of(table, *fit, level);
      cells[i] = Cell{steps.low * fit->scale + values.offset,
                      steps.high * fit->scale + values.offset, steps.step * fit->scale};
    }
  }
  return cells;
}

/// Where the factor of a line may lie so that one element of A falls into its cell.
std::optional<Cell> factors_of(double x, double tolerance, const Cell& cell) {
  if (x < 0) return factors_of(-x, tolerance, {-cell.high, -cell.low, cell.step});
  // A factor times anything in [x - tolerance, x + tolerance] may reach the cell.
  const double most = x + tolerance, least = std::max(x - tolerance, 0.0);
  const double low = cell.low <= 0 ? 0 : cell.low / most;
  const double high = cell.high < 0 ? -1
                      : least > 0   ? cell.high / least
                                    : std::numeric_limits<double>::infinity();
  if (high < low) return std::nullopt;
  return Cell{low, high, 1};
}

/// The largest number of intervals that share a point.
std::size_t most_together(const std::vector<Cell>& intervals) {
  std::vector<std::pair<double, int>> ends;  // beginnings before ends at one point
  for (const Cell& interval : intervals) {
    ends.emplace_back(interval.low, 0);
    ends.emplace_back(interval.high, 1);
  }
  std::ranges::sort(ends);
  std::size_t open = 0, most = 0;
  for (const auto& [place, is_end] : ends) {
    open = is_end != 0 ? open - 1 : open + 1;
    most = std::max(most, open);
  }
  return most;
}

const LevelTable* usable_table(const numeric::Matrix& a, const numeric::Matrix& b,
                               const QuantisationGrid& grid) {
  if (a.rows != b.rows || a.columns != b.columns || !finite(a) || !finite(b)) return nullptr;
  return level_table(grid.table);
}

}  // namespace

std::optional<RoundingMisfit> rounding_misfit(const numeric::Matrix& a, const numeric::Matrix& b,
                                              const QuantisationGrid& grid) {
  const LevelTable* const table = usable_table(a, b, grid);
  if (table == nullptr) return std::nullopt;
  const PossibleStorage of_a = possible_storage(a.values);
  const auto cells = cells_of(b, *table, grid.group);
  RoundingMisfit misfit;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i]) continue;
    const auto x = static_cast<double>(a.values[i]);
    const double slack = of_a.step_at(x) / 2;
    ++misfit.looked_at;
    const double beyond = std::max(cells[i]->low - slack - x, x - cells[i]->high - slack);
    if (beyond <= 0) continue;
    ++misfit.outside;
    misfit.farthest = std::max(misfit.farthest, beyond / cells[i]->step);
  }
  return misfit.looked_at == 0 ? std::nullopt : std::optional(misfit);
}

std::optional<double> share_rounded_to(const numeric::Matrix& a, const numeric::Matrix& b,
                                       const QuantisationGrid& grid) {
  const auto misfit = rounding_misfit(a, b, grid);
  if (!misfit) return std::nullopt;
  return static_cast<double>(misfit->looked_at - misfit->outside) /
         static_cast<double>(misfit->looked_at);
}

std::optional<double> share_rounded_to_scaled(const numeric::Matrix& a, const numeric::Matrix& b,
                                              const QuantisationGrid& grid, Lines lines) {
  const LevelTable* const table = usable_table(a, b, grid);
  if (table == nullptr) return std::nullopt;
  const PossibleStorage of_a = possible_storage(a.values);
  const auto cells = cells_of(b, *table, grid.group);
  const bool rows = lines == Lines::rows;
  const std::size_t count = rows ? a.rows : a.columns, length = rows ? a.columns : a.rows;
  std::size_t looked_at = 0, rounded = 0;
  for (std::size_t line = 0; line < count; ++line) {
    std::vector<Cell> intervals;
    std::size_t elements = 0;
    for (std::size_t k = 0; k < length; ++k) {
      const std::size_t i = rows ? line * a.columns + k : k * a.columns + line;
      const auto x = static_cast<double>(a.values[i]);
      if (!cells[i] || x == 0) continue;
      ++elements;
      if (const auto factors = factors_of(x, of_a.step_at(x) / 2, *cells[i]))
        intervals.push_back(*factors);
    }
    if (elements < kFewestInLine) continue;
    looked_at += elements;
    rounded += most_together(intervals);
  }
  if (looked_at == 0) return std::nullopt;
  return static_cast<double>(rounded) / static_cast<double>(looked_at);
}

}  // namespace prov::forensics
