// One statistic for every pair of layers of two models: the material of the layer map, and the
// background against which a single pair is seen.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace prov::forensics {

struct LayerCell {
  double z = 0;       // standard deviations from the null of this pair
  double effect = 0;  // cosine, CKA or share, depending on the statistic; at most 1
};

/// Rows are MLPs of A, columns MLPs of B. A cell is absent where the pair cannot be compared.
struct LayerTable {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<std::optional<LayerCell>> cells;  // rows * columns, row-major; empty: not computed

  LayerTable() = default;
  LayerTable(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), cells(row_count * column_count) {}

  bool empty() const { return cells.empty(); }
  std::optional<LayerCell>& at(std::size_t a, std::size_t b) { return cells[a * columns + b]; }
  const std::optional<LayerCell>& at(std::size_t a, std::size_t b) const {
    return cells[a * columns + b];
  }
};

}  // namespace prov::forensics
