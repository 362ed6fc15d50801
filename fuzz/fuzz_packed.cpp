// A configuration in one line, then a safetensors file: an error that can be printed, or a
// checkpoint whose packed weights can be read from any place, or fail in words.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/checkpoint.hpp"
#include "model/row_reader.hpp"
#include "require.hpp"

namespace {

using prov::fuzz::require;
using prov::fuzz::require_sound;

constexpr std::string_view kConfig = "config.json", kWeights = "model.safetensors";
using Bytes = std::vector<std::byte>;

class TwoFiles final : public prov::source::RemoteFolder {
 public:
  TwoFiles(Bytes config, Bytes weights)
      : config_(std::move(config)), weights_(std::move(weights)) {}
  bool contains(std::string_view name) const override {
    return name == kConfig || name == kWeights;
  }
  prov::Result<std::unique_ptr<prov::source::ByteSource>> open(
      std::string_view name) const override {
    return prov::source::from_memory(std::string(name), name == kConfig ? config_ : weights_);
  }
  std::vector<std::string> list() const override {
    return {std::string(kConfig), std::string(kWeights)};
  }
  std::string identity() const override { return {}; }

 private:
  Bytes config_, weights_;
};

void read_part(const prov::model::Checkpoint& checkpoint, const prov::model::Tensor& tensor,
               std::uint64_t begin, std::uint64_t size) {
  constexpr std::uint64_t kMost = 2048;
  std::vector<float> values(std::min(kMost, tensor.elements() - begin));
  const auto read = prov::model::RowReader(checkpoint, tensor).read_elements(begin, values);
  if (!read) require_sound(read.error(), size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto end = std::ranges::find(bytes, std::byte{'\n'});
  prov::source::Snapshot snapshot{.reference = "fuzz", .directory = "fuzz"};
  snapshot.remote = std::make_shared<TwoFiles>(Bytes(bytes.begin(), end),
                                               Bytes(end + (end != bytes.end()), bytes.end()));
  const auto checkpoint = prov::model::open_checkpoint(snapshot);
  if (!checkpoint) {
    require_sound(checkpoint.error(), size);
    return 0;
  }
  for (const prov::model::Tensor& tensor : checkpoint->tensors) {
    if (tensor.composed == nullptr) continue;
    std::uint64_t stored = 0;
    for (const prov::model::Tensor& part : tensor.parts) stored += part.info.bytes;
    require(!tensor.parts.empty() && tensor.info.bytes == stored);
    require(!tensor.composed->storage().empty());
    const std::uint64_t elements = tensor.elements();
    read_part(*checkpoint, tensor, 0, size);
    read_part(*checkpoint, tensor, elements / 2, size);
    read_part(*checkpoint, tensor, elements - std::min<std::uint64_t>(elements, 5), size);
  }
  return 0;
}
