#include "numeric/chained_norm.hpp"

#include <cmath>

namespace prov::numeric {

namespace {

template <class T>
struct Chains {
  void (*one)(const T*, std::size_t, float*);
  void (*two)(const T*, const T*, std::size_t, float*, float*);
};

Chains<float> chains_of(std::span<const float> /*x*/) {
  return {kernels().chain_squares_f32, kernels().chain_two_squares_f32};
}
Chains<Bfloat16> chains_of(std::span<const Bfloat16> /*x*/) {
  return {kernels().chain_squares_bf16, kernels().chain_two_squares_bf16};
}
Chains<Float16> chains_of(std::span<const Float16> /*x*/) {
  return {kernels().chain_squares_f16, kernels().chain_two_squares_f16};
}

std::size_t whole_lanes(std::size_t size) { return size / kChainLanes * kChainLanes; }

}  // namespace

template <class T>
void ChainedNorm::add_rest(std::span<const T> x) {
  for (const T element : x.subspan(whole_lanes(x.size()))) rest_[rest_size_++] = widen(element);
}

template <class T>
void ChainedNorm::add(std::span<const T> x) {
  chains_of(x).one(x.data(), whole_lanes(x.size()), lanes_.data());
  add_rest(x);
}

template <class T>
void ChainedNorm::add_two(ChainedNorm& x, std::span<const T> piece_x, ChainedNorm& y,
                          std::span<const T> piece_y) {
  chains_of(piece_x).two(piece_x.data(), piece_y.data(), whole_lanes(piece_x.size()),
                         x.lanes_.data(), y.lanes_.data());
  x.add_rest(piece_x);
  y.add_rest(piece_y);
}

template void ChainedNorm::add(std::span<const float>);
template void ChainedNorm::add(std::span<const Bfloat16>);
template void ChainedNorm::add(std::span<const Float16>);
template void ChainedNorm::add_two(ChainedNorm&, std::span<const float>, ChainedNorm&,
                                   std::span<const float>);
template void ChainedNorm::add_two(ChainedNorm&, std::span<const Bfloat16>, ChainedNorm&,
                                   std::span<const Bfloat16>);
template void ChainedNorm::add_two(ChainedNorm&, std::span<const Float16>, ChainedNorm&,
                                   std::span<const Float16>);

bool ChainedNorm::is_finite() const { return std::isfinite(finish()); }

float ChainedNorm::finish() const {
  float sum = lanes_[0];
  for (std::size_t j = 1; j < kChainLanes; ++j) sum += lanes_[j];
  for (std::size_t i = 0; i < rest_size_; ++i) sum += rest_[i] * rest_[i];
  return std::sqrt(sum);
}

}  // namespace prov::numeric
