// PyTorch files for tests in a few lines, written as torch.save writes them (protocol 2):
//
//   Pytorch file;
//   file.f32("model.norm.weight", {2}, {1, 2}).tied("lm_head.weight", "model.norm.weight");
//   folder.write("pytorch_model.bin", file.zip());
//   folder.write("model.pt", file.under("state_dict").legacy());
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/dtype.hpp"

namespace prov::tests {

class Pytorch {
 public:
  using Shape = std::vector<std::uint64_t>;

  /// A storage of its own with these bytes; `strides` in elements, empty for row-major. The dtype
  /// is one that has a storage type (f32, f16, bf16, f64, i64, u8, boolean), or an 8-bit float.
  Pytorch& raw(std::string name, format::Dtype dtype, Shape shape, std::vector<std::byte> bytes,
               Shape strides = {}, std::uint64_t offset = 0);
  Pytorch& f32(std::string name, Shape shape, const std::vector<float>& values);
  Pytorch& bf16(std::string name, Shape shape, const std::vector<float>& values);
  Pytorch& f16(std::string name, Shape shape, const std::vector<float>& values);
  /// A matrix whose columns lie side by side: `values` row by row.
  Pytorch& f32_transposed(std::string name, Shape shape, const std::vector<float>& values);
  /// A second name.
  Pytorch& tied(std::string name, const std::string& of);
  /// A view of the storage of `of`.
  Pytorch& view(std::string name, const std::string& of, Shape shape, Shape strides,
                std::uint64_t offset);
  /// The dictionary becomes the value of `key` in another one.
  Pytorch& under(std::string key);
  /// Opcodes that leave one value, as the value of `key` beside the model.
  Pytorch& beside(std::string key, std::string_view opcodes);

  std::vector<std::byte> zip() const;
  std::vector<std::byte> legacy() const;
  std::vector<std::string> names() const;

 private:
  struct Storage {
    format::Dtype dtype;
    std::vector<std::byte> bytes;
  };
  struct Entry {
    std::string name;
    std::size_t storage;
    Shape shape, strides;
    std::uint64_t offset;
  };

  const Entry& entry(const std::string& name) const;
  std::string tensor(const Entry& entry, bool legacy) const;
  std::string object(bool legacy) const;

  std::vector<Storage> storages_;
  std::vector<Entry> entries_;
  std::vector<std::string> keys_;  // the innermost first
  std::vector<std::pair<std::string, std::string>> beside_;
};

/// A zip archive as PyTorch writes it: stored, data at multiples of 64, descriptors, zip64 end.
std::vector<std::byte> stored_zip(const std::vector<std::pair<std::string, std::string>>& members);

}  // namespace prov::tests
