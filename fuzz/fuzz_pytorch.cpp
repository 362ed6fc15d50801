// Any bytes: an error that can be printed, or a directory whose tensors, also the views among them,
// lie inside the file; then numbers of each, which must be read.
#include <algorithm>
#include <cstdint>
#include <span>

#include "format/pytorch.hpp"
#include "model/row_reader.hpp"
#include "require.hpp"

namespace {

using prov::fuzz::require;
using prov::fuzz::require_sound;

void check_numbers(const prov::model::Checkpoint& checkpoint) {
  constexpr std::uint64_t kMost = 1024;
  for (const prov::model::Tensor& tensor : checkpoint.tensors) {
    if (tensor.info.dtype == prov::format::Dtype::c64) continue;
    std::vector<float> values(std::min(kMost, tensor.elements()));
    prov::model::RowReader reader(checkpoint, tensor);
    require(reader.read_elements(0, values).has_value());
    require(reader.read_elements(tensor.elements() - values.size(), values).has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  auto source = prov::source::from_memory("fuzz", {bytes.begin(), bytes.end()});
  auto file = prov::format::read_pytorch(*source);
  if (!file) {
    require_sound(file.error(), size);
    return 0;
  }
  for (const auto& tensor : file->directory.tensors) {
    require(tensor.offset <= size);
    require(!tensor.strides.empty() || tensor.bytes <= size - tensor.offset);
    require(tensor.strides.empty() || tensor.strides.size() == tensor.shape.size());
  }
  require(file->ties.size() <= file->directory.tensors.size());
  prov::model::Checkpoint checkpoint;
  for (auto& info : file->directory.tensors)
    checkpoint.tensors.push_back({.info = std::move(info)});
  checkpoint.files.push_back(std::move(source));
  check_numbers(checkpoint);
  return 0;
}
