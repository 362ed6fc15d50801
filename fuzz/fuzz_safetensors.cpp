// Any bytes: an error that can be printed, or a directory in which every byte has one owner.
#include <cstdint>
#include <span>

#include "base/checked_math.hpp"
#include "format/safetensors.hpp"
#include "require.hpp"

namespace {

using prov::fuzz::require;
using prov::fuzz::require_sound;

using Bytes = std::vector<std::byte>;

void check(Bytes file) {
  const std::uint64_t size = file.size();
  const auto source = prov::source::from_memory("fuzz", std::move(file));
  const auto directory = prov::format::read_safetensors(*source);
  if (!directory) {
    require(directory.error().file == "fuzz");
    require_sound(directory.error(), size);
    return;
  }
  std::uint64_t owned = 0;
  for (const auto& tensor : directory->tensors) {
    const auto elements = prov::base::checked_product(tensor.shape);
    require(elements && stored_bytes(tensor.dtype, *elements) == tensor.bytes);
    require(tensor.offset + tensor.bytes <= size);
    owned += tensor.bytes;
  }
  require(directory->tensors.empty() || directory->tensors.front().offset + owned == size);
}

/// A file whose header is `header` and whose data are `data_bytes` zeros: random bytes hardly ever
/// have the right length in front.
Bytes framed(std::span<const std::byte> header, std::size_t data_bytes) {
  Bytes file;
  for (unsigned i = 0; i < 8; ++i) {
    file.push_back(static_cast<std::byte>(std::uint64_t{header.size()} >> 8 * i));
  }
  file.insert(file.end(), header.begin(), header.end());
  file.resize(file.size() + data_bytes);
  file.shrink_to_fit();
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  check({bytes.begin(), bytes.end()});
  if (!bytes.empty()) check(framed(bytes.subspan(1), std::to_integer<std::size_t>(bytes[0])));
  return 0;
}
