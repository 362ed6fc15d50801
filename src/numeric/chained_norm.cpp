#include "numeric/chained_norm.hpp"

#include <cmath>

namespace prov::numeric {

template <class T>
void ChainedNorm::add_elements(std::span<const T> x, void (*chain)(const T*, std::size_t, float*)) {
  const std::size_t whole = x.size() / kChainLanes * kChainLanes;
  chain(x.data(), whole, lanes_.data());
  for (const T element : x.subspan(whole)) rest_[rest_size_++] = widen(element);
}

void ChainedNorm::add(std::span<const float> x) { add_elements(x, kernels().chain_squares_f32); }
void ChainedNorm::add(std::span<const Bfloat16> x) {
  add_elements(x, kernels().chain_squares_bf16);
}
void ChainedNorm::add(std::span<const Float16> x) { add_elements(x, kernels().chain_squares_f16); }

bool ChainedNorm::is_finite() const { return std::isfinite(finish()); }

float ChainedNorm::finish() const {
  float sum = lanes_[0];
  for (std::size_t j = 1; j < kChainLanes; ++j) sum += lanes_[j];
  for (std::size_t i = 0; i < rest_size_; ++i) sum += rest_[i] * rest_[i];
  return std::sqrt(sum);
}

}  // namespace prov::numeric
