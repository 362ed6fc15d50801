#include "signals/kit_order.hpp"

#include <algorithm>
#include <numeric>

namespace prov::signals {
namespace {

// Greater ranks stand earlier in a file.
int file_rank(format::Dtype dtype) {
  using format::Dtype;
  switch (dtype) {
    case Dtype::u64:
      return 12;
    case Dtype::i64:
      return 11;
    case Dtype::c64:
      return 10;
    case Dtype::u32:
      return 9;
    case Dtype::i32:
      return 8;
    case Dtype::f64:
    case Dtype::f32:
    case Dtype::bf16:
    case Dtype::f16:
      return 7;
    case Dtype::u16:
      return 6;
    case Dtype::i16:
      return 5;
    case Dtype::f8_e8m0:
    case Dtype::f8_e4m3:
    case Dtype::f8_e4m3fnuz:
    case Dtype::f8_e5m2:
    case Dtype::f8_e5m2fnuz:
      return 4;
    case Dtype::i8:
      return 3;
    case Dtype::u8:
      return 2;
    case Dtype::f6_e3m2:
    case Dtype::f6_e2m3:
    case Dtype::f4:
    case Dtype::q4_0:
    case Dtype::q4_1:
    case Dtype::q5_0:
    case Dtype::q5_1:
    case Dtype::q8_0:
    case Dtype::q8_1:
    case Dtype::q2_k:
    case Dtype::q3_k:
    case Dtype::q4_k:
    case Dtype::q5_k:
    case Dtype::q6_k:
    case Dtype::q8_k:
    case Dtype::iq1_s:
    case Dtype::iq1_m:
    case Dtype::iq2_xxs:
    case Dtype::iq2_xs:
    case Dtype::iq2_s:
    case Dtype::iq3_xxs:
    case Dtype::iq3_s:
    case Dtype::iq4_nl:
    case Dtype::iq4_xs:
    case Dtype::tq1_0:
    case Dtype::tq2_0:
    case Dtype::mxfp4:
    case Dtype::nvfp4:
      return 1;
    case Dtype::boolean:
      return 0;
  }
  return 0;
}

}  // namespace

std::vector<std::size_t> kit_order(std::span<const model::Tensor* const> tensors) {
  std::vector<std::size_t> order(tensors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto rank = [&](std::size_t i) { return -file_rank(tensors[i]->info.dtype); };
  std::ranges::stable_sort(order, {}, rank);
  return order;
}

}  // namespace prov::signals
