#include "signals/kit_tensors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace prov::signals {
namespace {

using format::Dtype;
using testing::ElementsAre;

model::Tensor tensor(std::string name, Dtype dtype, std::vector<model::Tensor> parts = {}) {
  model::Tensor tensor;
  tensor.info.name = std::move(name);
  tensor.info.dtype = dtype;
  tensor.parts = std::move(parts);
  return tensor;
}

std::vector<std::string> names_of(std::vector<model::Tensor> tensors) {
  model::Checkpoint checkpoint;
  checkpoint.tensors = std::move(tensors);
  std::vector<std::string> names;
  for (const model::Tensor* const taken : kit_tensors(checkpoint))
    names.push_back(taken->info.name);
  return names;
}

TEST(KitTensors, AreThePartsOfAPackedWeightSortedAmongTheOthers) {
  EXPECT_THAT(names_of({tensor("a.weight", Dtype::f16,
                               {tensor("a.scales", Dtype::f16), tensor("a.qweight", Dtype::i32)}),
                        tensor("a.r", Dtype::f16), tensor("b", Dtype::f16)}),
              ElementsAre("a.qweight", "a.r", "a.scales", "b"));
}

TEST(KitTensors, AWeightWithFloatsOfEightBitsStaysWhole) {
  EXPECT_THAT(names_of({tensor(
                  "a.weight", Dtype::f32,
                  {tensor("a.weight", Dtype::f8_e4m3), tensor("a.weight_scale", Dtype::f32)})}),
              ElementsAre("a.weight"));
  EXPECT_THAT(names_of({tensor("a.weight", Dtype::f32,
                               {tensor("a.weight_packed", Dtype::u8),
                                tensor("a.weight_scale", Dtype::f8_e4m3)})}),
              ElementsAre("a.weight"));
}

}  // namespace
}  // namespace prov::signals
