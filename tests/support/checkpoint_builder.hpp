// Checkpoints for tests in a few lines:
//
//   TempFolder folder;
//   Safetensors model;
//   model.f32("model.norm.weight", {2}, {1, 2}).bf16("lm_head.weight", {2, 2}, {1, 2, 3, 4});
//   folder.write("model.safetensors", model.bytes());          // one file
//   write_sharded(folder, {first, second});                    // shards with an index
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/dtype.hpp"
#include "support/temp_folder.hpp"

namespace prov::tests {

/// Bytes as they are; for headers and files written by hand.
std::vector<std::byte> bytes_of(std::string_view text);
/// A safetensors file of any header and data, however wrong: 8 bytes of length, header, data.
std::vector<std::byte> raw_safetensors(std::string_view header, std::string_view data = {});

/// Collects tensors and writes them as a valid safetensors file. Tensors lie in the order in which
/// they were added.
class Safetensors {
 public:
  using Shape = std::vector<std::uint64_t>;

  /// `bytes` as they are.
  Safetensors& raw(std::string name, format::Dtype dtype, Shape shape,
                   std::vector<std::byte> bytes);
  /// Values converted to the type: f16 and bf16 by rounding to nearest, ties to even.
  Safetensors& f32(std::string name, Shape shape, const std::vector<float>& values);
  Safetensors& bf16(std::string name, Shape shape, const std::vector<float>& values);
  Safetensors& f16(std::string name, Shape shape, const std::vector<float>& values);
  Safetensors& metadata(std::string key, std::string value);

  std::vector<std::byte> bytes() const;
  std::vector<std::string> names() const;
  std::uint64_t data_bytes() const { return data_.size(); }

 private:
  struct Entry {
    std::string name;
    format::Dtype dtype;
    Shape shape;
    std::size_t begin, end;
  };
  std::vector<Entry> entries_;
  std::vector<std::byte> data_;
  std::vector<std::pair<std::string, std::string>> metadata_;
};

/// Writes model-0000i-of-0000n.safetensors and model.safetensors.index.json.
void write_sharded(const TempFolder& folder, const std::vector<Safetensors>& shards);

}  // namespace prov::tests
