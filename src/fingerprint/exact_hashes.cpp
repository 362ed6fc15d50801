#include "fingerprint/exact_hashes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/checked_math.hpp"

namespace prov::fingerprint {
namespace {

constexpr std::uint64_t kFewestElements = 4096;

class NumberHasher {
 public:
  void add(std::uint64_t number) {
    std::array<std::byte, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::byte>(number >> (8 * i));
    hasher_.update(bytes);
  }
  void add(std::string_view text) {
    add(text.size());
    hasher_.update(std::as_bytes(std::span(text)));
  }
  base::ContentHash finish() const { return hasher_.finish(); }

 private:
  base::ContentHasher hasher_;
};

}  // namespace

std::vector<std::uint64_t> exact_hashes(std::span<const signals::TensorRecord> tensors) {
  std::vector<std::uint64_t> hashes;
  for (const signals::TensorRecord& tensor : tensors) {
    const auto elements = base::checked_product(tensor.shape);
    if (elements && *elements >= kFewestElements) hashes.push_back(tensor.content.low);
  }
  std::ranges::sort(hashes);
  const auto repeated = std::ranges::unique(hashes);
  hashes.erase(repeated.begin(), repeated.end());
  hashes.resize(std::min(hashes.size(), kMostTensorHashes));
  return hashes;
}

base::ContentHash hash_of_all(std::span<const signals::TensorRecord> tensors) {
  NumberHasher hasher;
  for (const signals::TensorRecord& tensor : tensors) {
    hasher.add(tensor.name);
    hasher.add(tensor.shape.size());
    for (const std::uint64_t size : tensor.shape) hasher.add(size);
    hasher.add(tensor.content.high);
    hasher.add(tensor.content.low);
  }
  return hasher.finish();
}

}  // namespace prov::fingerprint
