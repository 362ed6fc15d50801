// Any bytes: an error that can be printed, or a directory whose tensors lie inside the file, apart
// from each other; then a tokenizer and rows of numbers, which must not fail otherwise.
#include <algorithm>
#include <cstdint>
#include <span>

#include "format/gguf.hpp"
#include "format/gguf_byte_order.hpp"
#include "model/gguf/conversion.hpp"
#include "model/gguf/gguf_config.hpp"
#include "model/gguf/gguf_tokenizer.hpp"
#include "model/row_reader.hpp"
#include "require.hpp"

namespace {

using prov::fuzz::require;
using prov::fuzz::require_sound;

void check_rows(const prov::model::Checkpoint& checkpoint) {
  constexpr std::uint64_t kMost = 4096;
  for (const prov::model::Tensor& tensor : checkpoint.tensors) {
    std::vector<float> values(std::min(kMost, tensor.elements()));
    if (tensor.info.dtype == prov::format::Dtype::c64) continue;
    const auto read = prov::model::RowReader(checkpoint, tensor).read_elements(0, values);
    require(read.has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  auto source = prov::source::from_memory("fuzz", {bytes.begin(), bytes.end()});
  auto file = prov::format::read_gguf(*source);
  if (!file) {
    require_sound(file.error(), size);
    return 0;
  }
  std::uint64_t covered = 0;
  for (const auto& tensor : file->directory.tensors) {
    require(tensor.bytes == 0 || tensor.offset >= covered);
    require(tensor.bytes == 0 || tensor.offset + tensor.bytes <= size);
    covered = std::max(covered, tensor.offset + tensor.bytes);
  }
  if (auto tokenizer = prov::model::read_gguf_tokenizer(file->metadata, "fuzz"); !tokenizer)
    require_sound(tokenizer.error(), size);
  prov::model::Checkpoint checkpoint;
  if (file->writing.big_endian) {
    source = prov::format::little_endian_view(std::move(source), file->directory.tensors);
  }
  for (auto& info : file->directory.tensors)
    checkpoint.tensors.push_back({.info = std::move(info)});
  checkpoint.gguf = std::move(file->metadata);
  checkpoint.files.push_back(std::move(source));
  prov::model::undo_gguf_conversion(checkpoint);
  check_rows(checkpoint);
  if (const auto config = prov::model::gguf_config_text(checkpoint)) require(!config->empty());
  return 0;
}
