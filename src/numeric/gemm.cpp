#include "numeric/gemm.hpp"

#include <algorithm>

#include "numeric/kernels/kernels.hpp"

namespace prov::numeric {
namespace {

/// Copies what lies below the diagonal above it.
void mirror(std::span<float> square, std::size_t size) {
  constexpr std::size_t kTile = 32;  // both sides stay in L1
  for (std::size_t first_row = 0; first_row < size; first_row += kTile) {
    for (std::size_t first = 0; first <= first_row; first += kTile) {
      for (std::size_t i = first_row; i < std::min(first_row + kTile, size); ++i) {
        for (std::size_t j = first; j < std::min(first + kTile, i); ++j)
          square[j * size + i] = square[i * size + j];
      }
    }
  }
}

}  // namespace

void multiply_by_transpose(std::span<const float> a, std::size_t a_rows, std::span<const float> b,
                           std::size_t b_rows, std::size_t columns, std::span<float> out) {
  // Products and sums of two rows have the same bits in either order.
  const bool symmetric = a.data() == b.data() && a_rows == b_rows;
  kernels().multiply_by_transpose(a.data(), a_rows, b.data(), b_rows, columns, out.data(),
                                  symmetric);
  if (symmetric) mirror(out, a_rows);
}

}  // namespace prov::numeric
