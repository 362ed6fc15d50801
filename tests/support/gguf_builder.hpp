// GGUF files for tests in a few lines:
//
//   Gguf file;
//   file.text("general.architecture", "llama").u32("llama.attention.head_count", 4);
//   file.f32("blk.0.attn_q.weight", {8, 8}, values);
//   folder.write("model.gguf", file.bytes());
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace prov::tests {

/// Collects keys and tensors and writes them as a valid file of version 3; tensors lie in the order
/// in which they were added.
class Gguf {
 public:
  /// Row-major: the last dimension is the one of elements side by side.
  using Shape = std::vector<std::uint64_t>;

  explicit Gguf(bool big_endian = false) : big_endian_(big_endian) {}

  Gguf& text(std::string_view key, std::string_view value);
  Gguf& u16(std::string_view key, std::uint16_t value);
  Gguf& u32(std::string_view key, std::uint32_t value);
  Gguf& real(std::string_view key, float value);
  Gguf& texts(std::string_view key, const std::vector<std::string>& values);
  Gguf& whole_numbers(std::string_view key, const std::vector<std::int32_t>& values);
  Gguf& reals(std::string_view key, const std::vector<float>& values);

  Gguf& raw(std::string_view name, std::uint32_t ggml_type, const Shape& shape,
            const std::vector<std::byte>& bytes);
  Gguf& f32(std::string_view name, const Shape& shape, const std::vector<float>& values);
  Gguf& f16(std::string_view name, const Shape& shape, const std::vector<float>& values);

  std::vector<std::byte> bytes() const;

 private:
  void append(std::vector<std::byte>& to, std::uint64_t value, unsigned width) const;
  void append(std::vector<std::byte>& to, std::string_view text) const;
  void begin_value(std::string_view key, std::uint32_t type);

  bool big_endian_;
  std::uint64_t values_ = 0, tensors_ = 0;
  std::vector<std::byte> metadata_, directory_, data_;
};

}  // namespace prov::tests
