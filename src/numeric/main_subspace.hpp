// The directions in which the rows of a matrix vary most.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace prov::numeric {

/// An orthonormal basis of the span of the `count` main right singular vectors of a row-major
/// matrix, as count x columns (row-major, the main direction first): block subspace iteration from
/// fixed signs with 16 spare vectors, then Rayleigh-Ritz (Halko, Martinsson and Tropp 2011). Near
/// the border of the subspace, where singular values are almost equal, the directions are a
/// mixture; those above it are exact to f32. The rows are not centred. values.size() == rows *
/// columns.
///
/// std::nullopt if a value is not finite, count is 0 or above min(rows, columns), or the matrix has
/// no `count` directions (a singular value below 1e-5 of the first). O(rows columns count) for each
/// of 6 iterations, on up to `workers` threads, whose number changes no bit. 2 rows * columns
/// floats of memory. Thread-safe.
std::optional<std::vector<float>> main_subspace(std::span<const float> values, std::size_t rows,
                                                std::size_t columns, std::size_t count,
                                                std::size_t workers);

/// An orthonormal basis, count x columns, of `count` combinations of the rows (fixed signs), drawn
/// to the main directions by two steps of subspace iteration. It follows the rows: those of X Q
/// with an orthogonal Q give the basis times Q, up to rounding, whether or not the iteration has
/// come to rest. For two descriptions of the same things in two bases.
/// Absent, costs and threads as above, with two iterations; dependent rows count as no direction.
std::optional<std::vector<float>> row_combinations(std::span<const float> values, std::size_t rows,
                                                   std::size_t columns, std::size_t count,
                                                   std::size_t workers);

}  // namespace prov::numeric
