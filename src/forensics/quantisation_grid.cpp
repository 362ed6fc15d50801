#include "forensics/quantisation_grid.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <vector>

#include "forensics/grid_groups.hpp"
#include "forensics/level_table.hpp"
#include "forensics/scale_fit.hpp"
#include "forensics/stored_precision.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kGroupSizes[] = {256, 128, 64, 32, 16};
constexpr int kMostBits = 8;
constexpr std::size_t kSmallGroup = 16;
constexpr std::size_t kFirstLook = 64;  // groups, of which half must fit

bool finite(const numeric::Matrix& matrix) {
  return std::ranges::all_of(matrix.values, [](float x) { return std::isfinite(x); });
}

/// A row that repeats another is no evidence of its own.
numeric::Matrix distinct_rows(const numeric::Matrix& matrix) {
  std::set<std::vector<float>> seen;
  numeric::Matrix result(0, matrix.columns);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    const auto row = matrix.row(i);
    if (!seen.emplace(row.begin(), row.end()).second) continue;
    result.values.insert(result.values.end(), row.begin(), row.end());
    ++result.rows;
  }
  return result;
}

double log10_ways(std::size_t all, std::size_t chosen) {
  double sum = 0;
  for (std::size_t i = 0; i < chosen; ++i)
    sum += std::log10(static_cast<double>(all - i) / static_cast<double>(i + 1));
  return sum;
}

/// Bits that number the levels from the lowest to the highest in use; a list has its own.
int bits_for(const LevelTable& table, double most_levels) {
  const double levels =
      table.levels.empty() ? most_levels : static_cast<double>(table.levels.size());
  return std::max(1, static_cast<int>(std::ceil(std::log2(levels))));
}

std::string name_of(const LevelTable& table, const QuantisationGrid& grid, std::size_t columns) {
  std::string name(table.name);
  if (table.levels.empty()) name.insert(3, std::to_string(grid.bits));
  if (grid.group == 0) return name + ", per tensor";
  if (grid.group == columns) return name + ", per row";
  return name + ", groups of " + std::to_string(grid.group);
}

/// A part of a group on a grid is on it too, so a look at some small groups tells what cannot be.
bool worth_trying(const numeric::Matrix& matrix, const LevelTable& table,
                  const PossibleStorage& storage) {
  const std::vector<GroupRange> groups = groups_of(matrix, std::min(matrix.columns, kSmallGroup));
  const std::size_t looks = std::min(groups.size(), kFirstLook);
  std::size_t vary = 0, fitting = 0;
  for (std::size_t i = 0; i < looks; ++i) {
    const auto& [begin, size] = groups[i * groups.size() / looks];
    const GroupValues values =
        group_values(std::span(matrix.values).subspan(begin, size), storage, table.offset);
    if (!values.varies) continue;
    ++vary;
    if (fit_scale(values, table)) ++fitting;
  }
  return 2 * fitting >= vary;
}

/// Counts the fits, without those of the most levels if they are so few that they may be chance.
void count_fits(std::vector<ScaleFit> fits, const LevelTable& table, QuantisationGrid& grid) {
  const auto span = [](const ScaleFit& fit) { return fit.highest - fit.lowest + 1; };
  std::ranges::sort(fits, {}, span);
  const auto least =
      static_cast<std::size_t>(std::ceil(kGridFit * static_cast<double>(grid.groups)));
  if (least == 0 || fits.size() < least) return;
  const int bits = bits_for(table, span(fits[least - 1]));
  for (const ScaleFit& fit : fits) {
    if (bits_for(table, span(fit)) > bits) break;
    ++grid.fitting;
    grid.log10_chance += fit.log10_chance;
    grid.most_levels = std::max(grid.most_levels, fit.levels);
  }
  grid.bits = bits;
}

/// One table with one group size.
std::optional<QuantisationGrid> tried(const numeric::Matrix& matrix, const LevelTable& table,
                                      std::size_t group, const PossibleStorage& storage) {
  QuantisationGrid grid{.table = std::string(table.name), .group = group};
  std::vector<ScaleFit> fits;
  for (const auto& [begin, size] : groups_of(matrix, group)) {
    const GroupValues values =
        group_values(std::span(matrix.values).subspan(begin, size), storage, table.offset);
    if (!values.varies) continue;
    if (++grid.groups == kFirstLook && 2 * fits.size() < kFirstLook) return std::nullopt;
    if (const auto fit = fit_scale(values, table)) fits.push_back(*fit);
  }
  count_fits(std::move(fits), table, grid);
  if (grid.fitting == 0 || grid.bits > kMostBits) return std::nullopt;
  const auto hypotheses = static_cast<double>(level_tables().size() * (std::size(kGroupSizes) + 2));
  grid.log10_chance += log10_ways(grid.groups, grid.groups - grid.fitting) + std::log10(hypotheses);
  if (!(grid.log10_chance <= kGridChance)) return std::nullopt;
  grid.name = name_of(table, grid, matrix.columns);
  return grid;
}

}  // namespace

std::optional<QuantisationGrid> quantisation_grid(const numeric::Matrix& block) {
  if (block.values.empty() || !finite(block)) return std::nullopt;
  const numeric::Matrix matrix = distinct_rows(block);
  const PossibleStorage storage = possible_storage(matrix.values);
  std::vector<const LevelTable*> tables;
  for (const LevelTable& table : level_tables()) {
    if (worth_trying(matrix, table, storage)) tables.push_back(&table);
  }
  std::vector<std::size_t> sizes{0, matrix.columns};
  for (const std::size_t size : kGroupSizes) {
    if (size < matrix.columns) sizes.push_back(size);
  }
  // An offset makes a grid of any other that passes through zero, too: those go first.
  for (const bool offset : {false, true}) {
    std::optional<QuantisationGrid> best;
    for (const std::size_t size : sizes) {
      for (const LevelTable* const table : tables) {
        if (table->offset != offset) continue;
        auto grid = tried(matrix, *table, size, storage);
        if (grid && (!best || grid->log10_chance < best->log10_chance)) best = std::move(grid);
      }
    }
    if (best) return best;
  }
  return std::nullopt;
}

}  // namespace prov::forensics
