#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "numeric/half.hpp"
#include "numeric/kernels/kernels.hpp"

namespace prov::numeric {

/// The Frobenius norm as torch computes it in f32 on an x86 CPU with one thread: eight sums that
/// run through the whole tensor, joined in order, then the rest of fewer than eight elements, then
/// the square root. Long sums lose their last digits (5e-3 for 14336 x 4096), and the published
/// kit's numbers with them: for equal numbers only, where all else uses numeric/sums.hpp. Source:
/// aten/src/ATen/native/cpu/ReduceOpsKernel.cpp; equal to the kit's recorded profiles in every bit.
class ChainedNorm {
 public:
  /// Goes on with the next elements of the tensor: a multiple of kChainLanes, the last time any
  /// number. T: float, Bfloat16 or Float16.
  template <class T>
  void add(std::span<const T> x);
  /// x.add(piece_x) and y.add(piece_y), of equal sizes, in little more than the time of one: a sum
  /// waits for its last addition most of the time.
  template <class T>
  static void add_two(ChainedNorm& x, std::span<const T> piece_x, ChainedNorm& y,
                      std::span<const T> piece_y);
  /// False once an element was not finite or the sum left the range of f32.
  bool is_finite() const;
  float finish() const;

 private:
  template <class T>
  void add_rest(std::span<const T> x);

  std::array<float, kChainLanes> lanes_{};
  std::array<float, kChainLanes> rest_{};
  std::size_t rest_size_ = 0;
};

}  // namespace prov::numeric
