#include "support/gguf_builder.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

#include "support/checkpoint_builder.hpp"

namespace prov::tests {
namespace {

constexpr std::size_t kAlignment = 32;

void pad(std::vector<std::byte>& bytes) {
  bytes.resize((bytes.size() + kAlignment - 1) / kAlignment * kAlignment);
}

/// The data of a safetensors file with this one tensor.
std::vector<std::byte> data_of(const Safetensors& one) {
  const std::vector<std::byte> file = one.bytes();
  return {file.end() - static_cast<std::ptrdiff_t>(one.data_bytes()), file.end()};
}

}  // namespace

void Gguf::append(std::vector<std::byte>& to, std::uint64_t value, unsigned width) const {
  for (unsigned i = 0; i < width; ++i) {
    const unsigned place = big_endian_ ? width - 1 - i : i;
    to.push_back(static_cast<std::byte>(value >> (8 * place)));
  }
}

void Gguf::append(std::vector<std::byte>& to, std::string_view text) const {
  append(to, text.size(), 8);
  std::ranges::copy(std::as_bytes(std::span(text)), std::back_inserter(to));
}

void Gguf::begin_value(std::string_view key, std::uint32_t type) {
  append(metadata_, key);
  append(metadata_, type, 4);
  ++values_;
}

Gguf& Gguf::text(std::string_view key, std::string_view value) {
  begin_value(key, 8);
  append(metadata_, value);
  return *this;
}

Gguf& Gguf::u16(std::string_view key, std::uint16_t value) {
  begin_value(key, 2);
  append(metadata_, value, 2);
  return *this;
}

Gguf& Gguf::u32(std::string_view key, std::uint32_t value) {
  begin_value(key, 4);
  append(metadata_, value, 4);
  return *this;
}

Gguf& Gguf::real(std::string_view key, float value) {
  begin_value(key, 6);
  append(metadata_, std::bit_cast<std::uint32_t>(value), 4);
  return *this;
}

Gguf& Gguf::texts(std::string_view key, const std::vector<std::string>& values) {
  begin_value(key, 9);
  append(metadata_, 8, 4);
  append(metadata_, values.size(), 8);
  for (const std::string& value : values) append(metadata_, value);
  return *this;
}

Gguf& Gguf::whole_numbers(std::string_view key, const std::vector<std::int32_t>& values) {
  begin_value(key, 9);
  append(metadata_, 5, 4);
  append(metadata_, values.size(), 8);
  for (std::int32_t value : values) append(metadata_, static_cast<std::uint32_t>(value), 4);
  return *this;
}

Gguf& Gguf::reals(std::string_view key, const std::vector<float>& values) {
  begin_value(key, 9);
  append(metadata_, 6, 4);
  append(metadata_, values.size(), 8);
  for (float value : values) append(metadata_, std::bit_cast<std::uint32_t>(value), 4);
  return *this;
}

Gguf& Gguf::raw(std::string_view name, std::uint32_t ggml_type, const Shape& shape,
                const std::vector<std::byte>& bytes) {
  append(directory_, name);
  append(directory_, shape.size(), 4);
  for (std::size_t i = shape.size(); i-- > 0;) append(directory_, shape[i], 8);
  append(directory_, ggml_type, 4);
  pad(data_);
  append(directory_, data_.size(), 8);
  data_.insert(data_.end(), bytes.begin(), bytes.end());
  ++tensors_;
  return *this;
}

Gguf& Gguf::f32(std::string_view name, const Shape& shape, const std::vector<float>& values) {
  return raw(name, 0, shape, data_of(Safetensors().f32("x", shape, values)));
}

Gguf& Gguf::f16(std::string_view name, const Shape& shape, const std::vector<float>& values) {
  return raw(name, 1, shape, data_of(Safetensors().f16("x", shape, values)));
}

std::vector<std::byte> Gguf::bytes() const {
  std::vector<std::byte> file = bytes_of("GGUF");
  append(file, 3, 4);
  append(file, tensors_, 8);
  append(file, values_, 8);
  file.insert(file.end(), metadata_.begin(), metadata_.end());
  file.insert(file.end(), directory_.begin(), directory_.end());
  if (tensors_ == 0) return file;
  pad(file);
  file.insert(file.end(), data_.begin(), data_.end());
  pad(file);
  return file;
}

}  // namespace prov::tests
