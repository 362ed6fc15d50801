#pragma once

#include <cstddef>
#include <span>

namespace prov::numeric {

/// out[i * b_rows + j] = <row i of a, row j of b>, both row-major with `columns` columns. One
/// thread; the caller splits the rows of `a` for more. Sums run over the columns in order, f32
/// within 256 columns (no FMA), so that every CPU gives the same bits. a.size() == a_rows *
/// columns, b.size() == b_rows * columns, out.size() == a_rows * b_rows. A
/// product of a matrix with itself (the same a and b) takes little more than half the time.
void multiply_by_transpose(std::span<const float> a, std::size_t a_rows, std::span<const float> b,
                           std::size_t b_rows, std::size_t columns, std::span<float> out);

}  // namespace prov::numeric
