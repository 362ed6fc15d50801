#include "signals/kit_tensors.hpp"

#include <algorithm>

namespace prov::signals {
namespace {

bool kit_refuses(const model::Tensor& tensor) {
  using format::Dtype;
  constexpr Dtype kRefused[] = {Dtype::f8_e4m3, Dtype::f8_e5m2, Dtype::f8_e4m3fnuz,
                                Dtype::f8_e5m2fnuz, Dtype::f8_e8m0};
  return std::ranges::find(kRefused, tensor.info.dtype) != std::end(kRefused);
}

}  // namespace

bool kit_takes_whole(const model::Tensor& tensor) {
  return tensor.parts.empty() || std::ranges::any_of(tensor.parts, kit_refuses);
}

std::vector<const model::Tensor*> kit_tensors(const model::Checkpoint& checkpoint) {
  std::vector<const model::Tensor*> tensors;
  tensors.reserve(checkpoint.tensors.size());
  for (const model::Tensor& tensor : checkpoint.tensors) {
    if (kit_takes_whole(tensor)) {
      tensors.push_back(&tensor);
    } else {
      for (const model::Tensor& part : tensor.parts) tensors.push_back(&part);
    }
  }
  std::ranges::sort(tensors, {}, [](const model::Tensor* tensor) -> const std::string& {
    return tensor->info.name;
  });
  return tensors;
}

}  // namespace prov::signals
