// Which layer of one model each layer of the other comes from.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "forensics/layer_table.hpp"

namespace prov::forensics {

/// Cells below these lines say nothing.
struct MapLines {
  double least_z = 8;
  double least_effect = 0.05;
};

struct LayerSource {
  std::optional<std::size_t> source;  // index of the other model's layer; absent: none found
  double z = 0, effect = 0;           // of that pair
};

/// One entry for each column of `table`: the row that it comes from. Among all ways to name a
/// source for every column the one that maximises the sum of effects, less 0.05 for each step that
/// does not go from a row to the next one (Viterbi; O(columns rows^2)), so that a smooth path wins
/// where neighbouring layers look alike. A source whose effect is below a quarter of the median of
/// all is dropped: layers of one model resemble each other a little.
std::vector<LayerSource> map_layers(const LayerTable& table, MapLines lines);

/// Rows and columns exchanged.
LayerTable turned_around(const LayerTable& table);

}  // namespace prov::forensics
