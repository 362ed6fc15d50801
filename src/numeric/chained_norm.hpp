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
  /// number.
  void add(std::span<const float> x);
  void add(std::span<const Bfloat16> x);
  void add(std::span<const Float16> x);
  /// False once an element was not finite or the sum left the range of f32.
  bool is_finite() const;
  float finish() const;

 private:
  template <class T>
  void add_elements(std::span<const T> x, void (*chain)(const T*, std::size_t, float*));

  std::array<float, kChainLanes> lanes_{};
  std::array<float, kChainLanes> rest_{};
  std::size_t rest_size_ = 0;
};

}  // namespace prov::numeric
