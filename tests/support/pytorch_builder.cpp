#include "support/pytorch_builder.hpp"

#include <algorithm>
#include <span>

#include "support/checkpoint_builder.hpp"

namespace prov::tests {
namespace {

using format::Dtype;

std::string number(std::uint64_t value, unsigned width) {
  std::string text;
  for (unsigned i = 0; i < width; ++i) {
    text.push_back(static_cast<char>(static_cast<unsigned char>(value)));
    value >>= 8;
  }
  return text;
}

// Opcodes.

std::string text(std::string_view value) {
  return "X" + number(value.size(), 4) + std::string(value);
}

std::string integer(std::uint64_t value) { return "\x8a\x08" + number(value, 8); }

std::string global(std::string_view module, std::string_view name) {
  return "c" + std::string(module) + "\n" + std::string(name) + "\n";
}

std::string tuple(const Pytorch::Shape& values) {
  std::string opcodes = "(";
  for (const std::uint64_t value : values) opcodes += integer(value);
  return opcodes + "t";
}

std::string pickle(const std::string& opcodes) { return "\x80\x02" + opcodes + "."; }

struct TypeNames {
  std::string_view storage, dtype;
};

TypeNames type_names(Dtype dtype) {
  if (dtype == Dtype::f32) return {"FloatStorage", {}};
  if (dtype == Dtype::f16) return {"HalfStorage", {}};
  if (dtype == Dtype::bf16) return {"BFloat16Storage", {}};
  if (dtype == Dtype::f64) return {"DoubleStorage", {}};
  if (dtype == Dtype::i64) return {"LongStorage", {}};
  if (dtype == Dtype::u8) return {"ByteStorage", {}};
  if (dtype == Dtype::boolean) return {"BoolStorage", {}};
  if (dtype == Dtype::f8_e4m3) return {"UntypedStorage", "float8_e4m3fn"};
  return {"UntypedStorage", "float8_e5m2"};
}

Pytorch::Shape row_major(const Pytorch::Shape& shape) {
  Pytorch::Shape strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

/// The data of a safetensors file with this one tensor.
std::vector<std::byte> data_of(const Safetensors& one) {
  const std::vector<std::byte> file = one.bytes();
  return {file.end() - static_cast<std::ptrdiff_t>(one.data_bytes()), file.end()};
}

std::string as_text(const std::vector<std::byte>& bytes) {
  std::string result(bytes.size(), '\0');
  std::ranges::transform(bytes, result.begin(), [](std::byte b) { return static_cast<char>(b); });
  return result;
}

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
  }
  return ~crc;
}

}  // namespace

Pytorch& Pytorch::raw(std::string name, Dtype dtype, Shape shape, std::vector<std::byte> bytes,
                      Shape strides, std::uint64_t offset) {
  if (strides.empty()) strides = row_major(shape);
  storages_.push_back({dtype, std::move(bytes)});
  entries_.push_back(
      {std::move(name), storages_.size() - 1, std::move(shape), std::move(strides), offset});
  return *this;
}

Pytorch& Pytorch::f32(std::string name, Shape shape, const std::vector<float>& values) {
  return raw(std::move(name), Dtype::f32, shape, data_of(Safetensors().f32("x", shape, values)));
}

Pytorch& Pytorch::bf16(std::string name, Shape shape, const std::vector<float>& values) {
  return raw(std::move(name), Dtype::bf16, shape, data_of(Safetensors().bf16("x", shape, values)));
}

Pytorch& Pytorch::f16(std::string name, Shape shape, const std::vector<float>& values) {
  return raw(std::move(name), Dtype::f16, shape, data_of(Safetensors().f16("x", shape, values)));
}

Pytorch& Pytorch::f32_transposed(std::string name, Shape shape, const std::vector<float>& values) {
  std::vector<float> columns;
  for (std::uint64_t column = 0; column < shape[1]; ++column)
    for (std::uint64_t row = 0; row < shape[0]; ++row)
      columns.push_back(values[row * shape[1] + column]);
  const Shape strides = {1, shape[0]};
  return raw(std::move(name), Dtype::f32, shape, data_of(Safetensors().f32("x", shape, columns)),
             strides);
}

const Pytorch::Entry& Pytorch::entry(const std::string& name) const {
  return *std::ranges::find(entries_, name, &Entry::name);
}

Pytorch& Pytorch::tied(std::string name, const std::string& of) {
  Entry second = entry(of);
  second.name = std::move(name);
  entries_.push_back(std::move(second));
  return *this;
}

Pytorch& Pytorch::view(std::string name, const std::string& of, Shape shape, Shape strides,
                       std::uint64_t offset) {
  entries_.push_back(
      {std::move(name), entry(of).storage, std::move(shape), std::move(strides), offset});
  return *this;
}

Pytorch& Pytorch::under(std::string key) {
  keys_.push_back(std::move(key));
  return *this;
}

Pytorch& Pytorch::beside(std::string key, std::string_view opcodes) {
  beside_.emplace_back(std::move(key), opcodes);
  return *this;
}

std::vector<std::string> Pytorch::names() const {
  std::vector<std::string> names;
  for (const Entry& one : entries_) names.push_back(one.name);
  return names;
}

std::string Pytorch::tensor(const Entry& one, bool legacy) const {
  const Storage& storage = storages_[one.storage];
  const TypeNames types = type_names(storage.dtype);
  const unsigned unit = types.dtype.empty() ? format::storage_unit(storage.dtype).bytes : 1;
  std::string opcodes =
      global("torch._utils", types.dtype.empty() ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3");
  opcodes += "((" + text("storage") +
             global(types.storage == "UntypedStorage" ? "torch.storage" : "torch", types.storage) +
             text(std::to_string(one.storage)) + text("cpu") +
             integer(storage.bytes.size() / unit) + (legacy ? "N" : "") + "tQ";
  opcodes += integer(one.offset) + tuple(one.shape) + tuple(one.strides) + "\x89" +
             global("collections", "OrderedDict") + ")R";
  if (!types.dtype.empty()) opcodes += global("torch", types.dtype);
  return opcodes + "tR";
}

std::string Pytorch::object(bool legacy) const {
  std::string opcodes = global("collections", "OrderedDict") + ")R(";
  for (const Entry& one : entries_) opcodes += text(one.name) + tensor(one, legacy);
  opcodes += "u";
  for (const std::string& key : keys_) {
    opcodes = "}" + text(key) + opcodes + "s";
    for (const auto& [name, value] : beside_) opcodes += text(name) + value + "s";
  }
  return pickle(opcodes);
}

std::vector<std::byte> Pytorch::zip() const {
  std::vector<std::pair<std::string, std::string>> members = {{"archive/data.pkl", object(false)},
                                                              {"archive/byteorder", "little"}};
  for (std::size_t i = 0; i < storages_.size(); ++i)
    members.emplace_back("archive/data/" + std::to_string(i), as_text(storages_[i].bytes));
  members.emplace_back("archive/version", "3\n");
  return stored_zip(members);
}

std::vector<std::byte> Pytorch::legacy() const {
  const std::string magic("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12);
  std::string file = pickle(magic) + pickle(integer(1001)) +
                     pickle("}" + text("little_endian") + "\x88s") + object(true);
  std::string keys = "](";
  for (std::size_t i = 0; i < storages_.size(); ++i) keys += text(std::to_string(i));
  file += pickle(keys + "e");
  for (const Storage& storage : storages_) {
    const bool typed = type_names(storage.dtype).dtype.empty();
    const unsigned unit = typed ? format::storage_unit(storage.dtype).bytes : 1;
    file += number(storage.bytes.size() / unit, 8) + as_text(storage.bytes);
  }
  return bytes_of(file);
}

std::vector<std::byte> stored_zip(const std::vector<std::pair<std::string, std::string>>& members) {
  constexpr std::size_t kAlignment = 64;
  std::string file, central;
  for (const auto& [name, data] : members) {
    const std::size_t header = file.size();
    const std::string flags = number(0x0808, 2), fixed = number(0, 2) + number(0, 4);
    const std::size_t padding =
        (kAlignment - (header + 34 + name.size()) % kAlignment) % kAlignment;
    file += "PK\x03\x04" + number(0, 2) + flags + fixed + number(0, 12) + number(name.size(), 2) +
            number(4 + padding, 2) + name + "FB" + number(padding, 2) + std::string(padding, 'Z') +
            data;
    const std::string sums =
        number(crc32(data), 4) + number(data.size(), 4) + number(data.size(), 4);
    file += "PK\x07\x08" + sums;
    central += "PK\x01\x02" + number(0, 4) + flags + fixed + sums + number(name.size(), 2) +
               number(0, 12) + number(header, 4) + name;
  }
  const std::size_t begin = file.size();
  file += central;
  const std::size_t end64 = file.size();
  file += "PK\x06\x06" + number(44, 8) + number(0, 12) + number(members.size(), 8) +
          number(members.size(), 8) + number(central.size(), 8) + number(begin, 8);
  file += "PK\x06\x07" + number(0, 4) + number(end64, 8) + number(1, 4);
  file += "PK\x05\x06" + number(0, 4) + number(members.size(), 2) + number(members.size(), 2) +
          number(central.size(), 4) + number(begin, 4) + number(0, 2);
  return bytes_of(file);
}

}  // namespace prov::tests
