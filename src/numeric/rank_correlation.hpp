// Spearman's rank correlation of an assignment with the order of its indices.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

namespace prov::numeric {

/// Spearman's r, [-1, 1], of the ranks of columns[i] among all with the index i: 1 if the columns
/// rise, 0 on average if their order is chance. Columns need not be consecutive, so that narrower
/// models count too. std::nullopt below two values or if a column occurs twice. O(n log n).
/// Thread-safe.
inline std::optional<double> rank_correlation(std::span<const std::uint32_t> columns) {
  const std::size_t n = columns.size();
  if (n < 2) return std::nullopt;
  std::vector<std::size_t> by_column(n);
  std::iota(by_column.begin(), by_column.end(), std::size_t{0});
  std::sort(by_column.begin(), by_column.end(),
            [&](std::size_t i, std::size_t j) { return columns[i] < columns[j]; });
  double squares = 0;
  for (std::size_t rank = 0; rank < n; ++rank) {
    const std::size_t i = by_column[rank];
    if (rank > 0 && columns[i] == columns[by_column[rank - 1]]) return std::nullopt;
    const double difference = static_cast<double>(rank) - static_cast<double>(i);
    squares += difference * difference;
  }
  const auto count = static_cast<double>(n);
  return 1 - 6 * squares / (count * (count * count - 1));
}

}  // namespace prov::numeric
