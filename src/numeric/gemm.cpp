#include "numeric/gemm.hpp"

#include "numeric/kernels/kernels.hpp"

namespace prov::numeric {

void multiply_by_transpose(std::span<const float> a, std::size_t a_rows, std::span<const float> b,
                           std::size_t b_rows, std::size_t columns, std::span<float> out) {
  kernels().multiply_by_transpose(a.data(), a_rows, b.data(), b_rows, columns, out.data());
}

}  // namespace prov::numeric
