#include "forensics/layer_map.hpp"

#include <algorithm>

namespace prov::forensics {
namespace {

constexpr double kJump = 0.05;
constexpr double kLeastShareOfMedian = 0.25;

/// State `table.rows` stands for "no source".
class Paths {
 public:
  Paths(const LayerTable& table, MapLines lines) : table_(table), lines_(lines) {}

  std::vector<std::size_t> best() {
    const std::size_t none = table_.rows;
    std::vector<double> score(table_.rows + 1, 0);
    std::vector<std::vector<std::size_t>> came_from;
    for (std::size_t column = 0; column < table_.columns; ++column) {
      std::vector<double> next(table_.rows + 1, kImpossible);
      std::vector<std::size_t> from(table_.rows + 1, none);
      for (std::size_t state = 0; state <= table_.rows; ++state) {
        const double gain = gain_of(state, column);
        if (gain == kImpossible) continue;
        for (std::size_t before = 0; before <= table_.rows; ++before) {
          const double total =
              score[before] + gain - (column > 0 && jumps(before, state) ? kJump : 0);
          if (total > next[state]) {
            next[state] = total;
            from[state] = before;
          }
        }
      }
      score = std::move(next);
      came_from.push_back(std::move(from));
    }
    std::vector<std::size_t> path(table_.columns, none);
    auto state = static_cast<std::size_t>(std::ranges::max_element(score) - score.begin());
    for (std::size_t column = table_.columns; column-- > 0;) {
      path[column] = state;
      state = came_from[column][state];
    }
    return path;
  }

 private:
  static constexpr double kImpossible = -1e300;

  double gain_of(std::size_t state, std::size_t column) const {
    if (state == table_.rows) return 0;
    const auto& cell = table_.at(state, column);
    const bool says = cell && cell->z >= lines_.least_z && cell->effect >= lines_.least_effect;
    return says ? cell->effect : kImpossible;
  }
  bool jumps(std::size_t before, std::size_t state) const {
    return before != table_.rows && state != table_.rows && state != before + 1;
  }

  const LayerTable& table_;
  MapLines lines_;
};

void drop_faint(std::vector<LayerSource>& map) {
  std::vector<double> effects;
  for (const LayerSource& entry : map) {
    if (entry.source) effects.push_back(entry.effect);
  }
  if (effects.empty()) return;
  const auto middle = effects.begin() + static_cast<std::ptrdiff_t>(effects.size() / 2);
  std::ranges::nth_element(effects, middle);
  for (LayerSource& entry : map) {
    if (entry.source && entry.effect < kLeastShareOfMedian * *middle) entry = {};
  }
}

}  // namespace

std::vector<LayerSource> map_layers(const LayerTable& table, MapLines lines) {
  std::vector<LayerSource> map(table.columns);
  if (table.empty()) return map;
  const std::vector<std::size_t> path = Paths(table, lines).best();
  for (std::size_t column = 0; column < table.columns; ++column) {
    if (path[column] == table.rows) continue;
    const LayerCell& cell = *table.at(path[column], column);
    map[column] = {path[column], cell.z, cell.effect};
  }
  drop_faint(map);
  return map;
}

LayerTable turned_around(const LayerTable& table) {
  LayerTable result(table.columns, table.rows);
  if (table.empty()) return {};
  for (std::size_t a = 0; a < table.rows; ++a) {
    for (std::size_t b = 0; b < table.columns; ++b) result.at(b, a) = table.at(a, b);
  }
  return result;
}

}  // namespace prov::forensics
