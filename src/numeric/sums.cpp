#include "numeric/sums.hpp"

#include <algorithm>
#include <cmath>

#include "numeric/kernels/kernels.hpp"

namespace prov::numeric {
namespace {

// For the rare block with a NaN, an infinity, or squares beyond the range of f32.
template <class T>
SquareSum careful_square_sum(std::span<const T> block) {
  SquareSum result;
  for (const T element : block) {
    const double value = static_cast<double>(widen(element));
    if (std::isfinite(value)) {
      result.sum += value * value;
    } else {
      ++result.non_finite;
    }
  }
  return result;
}

template <class T>
void add_blocks(std::span<const T> x, float (*block_sum)(const T*, std::size_t), SquareSum& total) {
  for (std::size_t begin = 0; begin < x.size(); begin += kBlock) {
    const auto block = x.subspan(begin, std::min(kBlock, x.size() - begin));
    const float sum = block_sum(block.data(), block.size());
    if (std::isfinite(sum)) {
      total.sum += static_cast<double>(sum);
    } else {
      total += careful_square_sum(block);
    }
  }
}

template <class T>
SquareSum sum_all(std::span<const T> x) {
  SquareSum total;
  add_squares(x, total);
  return total;
}

}  // namespace

void add_squares(std::span<const float> x, SquareSum& total) {
  add_blocks(x, kernels().square_sum_f32, total);
}
void add_squares(std::span<const Bfloat16> x, SquareSum& total) {
  add_blocks(x, kernels().square_sum_bf16, total);
}
void add_squares(std::span<const Float16> x, SquareSum& total) {
  add_blocks(x, kernels().square_sum_f16, total);
}

SquareSum square_sum(std::span<const float> x) { return sum_all(x); }
SquareSum square_sum(std::span<const Bfloat16> x) { return sum_all(x); }
SquareSum square_sum(std::span<const Float16> x) { return sum_all(x); }

void add_each_square(std::span<const float> x, double factor, std::span<double> sums) {
  kernels().add_squares_f64(x.data(), factor, x.size(), sums.data());
}

Products products(std::span<const float> a, std::span<const float> b) {
  Products result;
  for (std::size_t begin = 0; begin < a.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, a.size() - begin);
    const BlockProducts block = kernels().products(a.data() + begin, b.data() + begin, count);
    result.aa += static_cast<double>(block.aa);
    result.bb += static_cast<double>(block.bb);
    result.ab += static_cast<double>(block.ab);
  }
  return result;
}

double dot(std::span<const float> a, std::span<const float> b) {
  double result = 0;
  for (std::size_t begin = 0; begin < a.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, a.size() - begin);
    result += static_cast<double>(kernels().dot(a.data() + begin, b.data() + begin, count));
  }
  return result;
}

double scaled_square_sum(std::span<const float> x, std::span<const float> factors) {
  double result = 0;
  for (std::size_t begin = 0; begin < x.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, x.size() - begin);
    result += static_cast<double>(
        kernels().scaled_square_sum(x.data() + begin, factors.data() + begin, count));
  }
  return result;
}

std::size_t count_equal(std::span<const float> a, std::span<const float> b) {
  return kernels().count_equal(a.data(), b.data(), a.size());
}

void widen(std::span<const Bfloat16> x, std::span<float> out) {
  kernels().widen_bf16(x.data(), x.size(), out.data());
}
void widen(std::span<const Float16> x, std::span<float> out) {
  kernels().widen_f16(x.data(), x.size(), out.data());
}

bool split_halves(std::span<const float> x, std::span<std::uint16_t> upper,
                  std::span<std::uint16_t> lower) {
  return kernels().split_halves(x.data(), x.size(), upper.data(), lower.data()) != 0;
}

}  // namespace prov::numeric
