// The linear assignment problem: which column belongs to which row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace prov::numeric {

/// The column of each row, no column twice, so that the sum of their scores is the largest
/// possible. `scores` is row-major, rows <= columns (the caller transposes otherwise),
/// scores.size()
/// == rows * columns, columns < 2^32. A score that is not finite counts as the least finite one.
/// Equal sums: the same choice at every call and on every CPU, but no particular one. Exact up to
/// the rounding of sums in double.
///
/// Rows first bid for columns (augmenting row reduction, Jonker and Volgenant 1987): where each row
/// has a clear best column, as between related models, that ends it after one look at the scores.
/// The rows left over get the shortest augmenting paths (Crouse 2016). O(rows^2 columns) at worst;
/// a copy of the scores only if some are not finite. One thread. Thread-safe.
std::vector<std::uint32_t> best_assignment(std::span<const float> scores, std::size_t rows,
                                           std::size_t columns);

}  // namespace prov::numeric
