// The specification of every kernel: whatever else runs must give the same bits.
#include <algorithm>
#include <array>
#include <bit>

#include "numeric/kernels/kernels.hpp"

namespace prov::numeric {
namespace {

using Lanes = std::array<float, kLanes>;

float tree_sum(Lanes lanes) {
  for (std::size_t width = kLanes / 2; width > 0; width /= 2) {
    for (std::size_t j = 0; j < width; ++j) lanes[j] += lanes[j + width];
  }
  return lanes[0];
}

template <class T>
float square_sum(const T* x, std::size_t n) {
  Lanes lanes{};
  for (std::size_t i = 0; i < n; ++i) {
    const float value = widen(x[i]);
    lanes[i % kLanes] += value * value;
  }
  return tree_sum(lanes);
}

template <class T>
void chain_squares(const T* x, std::size_t n, float* lanes) {
  for (std::size_t i = 0; i < n; ++i) {
    const float value = widen(x[i]);
    lanes[i % kChainLanes] += value * value;
  }
}

BlockProducts products(const float* a, const float* b, std::size_t n) {
  Lanes aa{}, bb{}, ab{};
  for (std::size_t i = 0; i < n; ++i) {
    aa[i % kLanes] += a[i] * a[i];
    bb[i % kLanes] += b[i] * b[i];
    ab[i % kLanes] += a[i] * b[i];
  }
  return {tree_sum(aa), tree_sum(bb), tree_sum(ab)};
}

float dot(const float* a, const float* b, std::size_t n) {
  Lanes lanes{};
  for (std::size_t i = 0; i < n; ++i) lanes[i % kLanes] += a[i] * b[i];
  return tree_sum(lanes);
}

std::size_t count_equal(const float* a, const float* b, std::size_t n) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < n; ++i) count += a[i] == b[i];
  return count;
}

template <class T>
void widen_all(const T* x, std::size_t n, float* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = widen(x[i]);
}

std::uint16_t split_halves(const float* x, std::size_t n, std::uint16_t* upper,
                           std::uint16_t* lower) {
  unsigned any_lower = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(x[i]);
    upper[i] = static_cast<std::uint16_t>(bits >> 16);
    lower[i] = static_cast<std::uint16_t>(bits & 0xffffu);
    any_lower |= lower[i];
  }
  return static_cast<std::uint16_t>(any_lower);
}

void multiply_by_transpose(const float* a, std::size_t a_rows, const float* b, std::size_t b_rows,
                           std::size_t columns, float* out) {
  std::fill_n(out, a_rows * b_rows, 0.0f);
  for (std::size_t i = 0; i < a_rows; ++i) {
    for (std::size_t j = 0; j < b_rows; ++j) {
      for (std::size_t begin = 0; begin < columns; begin += kProductDepth) {
        const std::size_t end = std::min(begin + kProductDepth, columns);
        float sum = 0;
        for (std::size_t k = begin; k < end; ++k) sum += a[i * columns + k] * b[j * columns + k];
        out[i * b_rows + j] += sum;
      }
    }
  }
}

}  // namespace

const Kernels kScalarKernels = {
    .name = "scalar",
    .square_sum_f32 = square_sum<float>,
    .square_sum_bf16 = square_sum<Bfloat16>,
    .square_sum_f16 = square_sum<Float16>,
    .chain_squares_f32 = chain_squares<float>,
    .chain_squares_bf16 = chain_squares<Bfloat16>,
    .chain_squares_f16 = chain_squares<Float16>,
    .dot = dot,
    .products = products,
    .count_equal = count_equal,
    .widen_bf16 = widen_all<Bfloat16>,
    .widen_f16 = widen_all<Float16>,
    .split_halves = split_halves,
    .multiply_by_transpose = multiply_by_transpose,
};

}  // namespace prov::numeric
