#include "signals/kit_order.hpp"

#include <gtest/gtest.h>

namespace prov::signals {
namespace {

using format::Dtype;

std::vector<std::size_t> order_of(std::initializer_list<Dtype> dtypes) {
  std::vector<model::Tensor> tensors;
  for (const Dtype dtype : dtypes) {
    tensors.emplace_back().info.dtype = dtype;
    tensors.back().info.name = std::to_string(tensors.size());
  }
  std::vector<const model::Tensor*> pointers;
  for (const model::Tensor& tensor : tensors) pointers.push_back(&tensor);
  return kit_order(pointers);
}

TEST(KitOrder, PutsPackedIntegersBeforeTheirScales) {
  EXPECT_EQ(order_of({Dtype::f16, Dtype::i32, Dtype::f16, Dtype::i32, Dtype::i8}),
            (std::vector<std::size_t>{1, 3, 0, 2, 4}));
}

TEST(KitOrder, TakesFloatsOfAnyContainerByName) {
  EXPECT_EQ(order_of({Dtype::bf16, Dtype::f32, Dtype::f16, Dtype::f64}),
            (std::vector<std::size_t>{0, 1, 2, 3}));
  EXPECT_EQ(order_of({Dtype::f32, Dtype::i32}), (std::vector<std::size_t>{1, 0}));
}

}  // namespace
}  // namespace prov::signals
