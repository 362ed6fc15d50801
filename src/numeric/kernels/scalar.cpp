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

template <class T>
void chain_two_squares(const T* x, const T* y, std::size_t n, float* lanes_x, float* lanes_y) {
  chain_squares(x, n, lanes_x);
  chain_squares(y, n, lanes_y);
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

float scaled_square_sum(const float* x, const float* factors, std::size_t n) {
  Lanes lanes{};
  for (std::size_t i = 0; i < n; ++i) {
    const float value = x[i] * factors[i];
    lanes[i % kLanes] += value * value;
  }
  return tree_sum(lanes);
}

std::size_t count_equal(const float* a, const float* b, std::size_t n) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < n; ++i) count += a[i] == b[i];
  return count;
}

void subtract_multiple(float* x, float factor, const float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) x[i] -= factor * y[i];
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

double dot_f64(const double* a, const double* b, std::size_t n) {
  std::array<double, kDoubleLanes> lanes{};
  for (std::size_t i = 0; i < n; ++i) lanes[i % kDoubleLanes] += a[i] * b[i];
  for (std::size_t width = kDoubleLanes / 2; width > 0; width /= 2) {
    for (std::size_t j = 0; j < width; ++j) lanes[j] += lanes[j + width];
  }
  return lanes[0];
}

void rotate_f64(double* x, double* y, std::size_t n, double cosine, double sine) {
  for (std::size_t i = 0; i < n; ++i) {
    const double old_x = x[i], old_y = y[i];
    x[i] = cosine * old_x - sine * old_y;
    y[i] = sine * old_x + cosine * old_y;
  }
}

BestTwo best_two(const float* score, const double* price, std::size_t n) {
  BestTwo best;
  for (std::size_t i = 0; i < n; ++i)
    best.offer(static_cast<std::uint32_t>(i), static_cast<double>(score[i]) - price[i]);
  return best;
}

double shorten_ways(const float* score, double base, const double* price, std::size_t n, double row,
                    double* distance, double* from) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < n; ++i) {
    const double way = base - static_cast<double>(score[i]) + price[i];
    if (way < distance[i]) {
      distance[i] = way;
      from[i] = row;
    }
    least = std::min(least, distance[i]);
  }
  return least;
}

void add_squares_f64(const float* x, double factor, std::size_t n, double* sums) {
  for (std::size_t i = 0; i < n; ++i) {
    const double value = factor * static_cast<double>(x[i]);
    sums[i] += value * value;
  }
}

std::size_t find_f64(const double* x, std::size_t n, double value) {
  return static_cast<std::size_t>(std::find(x, x + n, value) - x);
}

void bit_distances(const std::uint64_t* query, const std::uint64_t* codes, std::size_t count,
                   std::size_t words, std::uint32_t* distance) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t sum = 0;
    for (std::size_t w = 0; w < words; ++w)
      sum += static_cast<std::uint32_t>(std::popcount(query[w] ^ codes[i * words + w]));
    distance[i] = sum;
  }
}

void multiply_by_transpose(const float* a, std::size_t a_rows, const float* b, std::size_t b_rows,
                           std::size_t columns, float* out, bool lower_only) {
  std::fill_n(out, a_rows * b_rows, 0.0f);
  for (std::size_t i = 0; i < a_rows; ++i) {
    const std::size_t end_of_row = lower_only ? std::min(i + 1, b_rows) : b_rows;
    for (std::size_t j = 0; j < end_of_row; ++j) {
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
    .chain_two_squares_f32 = chain_two_squares<float>,
    .chain_two_squares_bf16 = chain_two_squares<Bfloat16>,
    .chain_two_squares_f16 = chain_two_squares<Float16>,
    .dot = dot,
    .scaled_square_sum = scaled_square_sum,
    .products = products,
    .count_equal = count_equal,
    .subtract_multiple = subtract_multiple,
    .widen_bf16 = widen_all<Bfloat16>,
    .widen_f16 = widen_all<Float16>,
    .split_halves = split_halves,
    .dot_f64 = dot_f64,
    .rotate_f64 = rotate_f64,
    .add_squares_f64 = add_squares_f64,
    .best_two = best_two,
    .shorten_ways = shorten_ways,
    .find_f64 = find_f64,
    .bit_distances = bit_distances,
    .multiply_by_transpose = multiply_by_transpose,
};

}  // namespace prov::numeric
