#include "support/checkpoint_builder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <cmath>

namespace prov::tests {
namespace {

void append_little_endian(std::vector<std::byte>& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<std::byte>(value >> 8 * i));
}

std::uint16_t to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>(bits >> 16 | 0x40);
  return static_cast<std::uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

std::uint16_t to_f16(float value) {
  const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  const float magnitude = std::fabs(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | 0x7e00);
  if (magnitude >= 65520.0f) return static_cast<std::uint16_t>(sign | 0x7c00);
  if (magnitude == 0.0f) return sign;
  const int exponent = std::max(std::ilogb(magnitude), -14);
  // The significand as a whole number; a carry into 2048 moves on to the next exponent by itself.
  const auto significand = std::nearbyint(std::ldexp(magnitude, 10 - exponent));
  const bool subnormal = significand < 1024;
  const int code = static_cast<int>(significand) + (subnormal ? 0 : (exponent + 14) * 1024);
  return static_cast<std::uint16_t>(sign | code);
}

/// For names of tests: quotes, backslashes and control characters are escaped.
std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> raw_safetensors(std::string_view header, std::string_view data) {
  std::vector<std::byte> file;
  append_little_endian(file, header.size(), 8);
  for (std::string_view part : {header, data}) {
    const auto bytes = std::as_bytes(std::span(part));
    file.insert(file.end(), bytes.begin(), bytes.end());
  }
  return file;
}

Safetensors& Safetensors::raw(std::string name, format::Dtype dtype, Shape shape,
                              std::vector<std::byte> bytes) {
  const std::size_t begin = data_.size();
  data_.insert(data_.end(), bytes.begin(), bytes.end());
  entries_.push_back({std::move(name), dtype, std::move(shape), begin, data_.size()});
  return *this;
}

Safetensors& Safetensors::f32(std::string name, Shape shape, const std::vector<float>& values) {
  std::vector<std::byte> bytes;
  for (float value : values) append_little_endian(bytes, std::bit_cast<std::uint32_t>(value), 4);
  return raw(std::move(name), format::Dtype::f32, std::move(shape), std::move(bytes));
}

Safetensors& Safetensors::bf16(std::string name, Shape shape, const std::vector<float>& values) {
  std::vector<std::byte> bytes;
  for (float value : values) append_little_endian(bytes, to_bf16(value), 2);
  return raw(std::move(name), format::Dtype::bf16, std::move(shape), std::move(bytes));
}

Safetensors& Safetensors::f16(std::string name, Shape shape, const std::vector<float>& values) {
  std::vector<std::byte> bytes;
  for (float value : values) append_little_endian(bytes, to_f16(value), 2);
  return raw(std::move(name), format::Dtype::f16, std::move(shape), std::move(bytes));
}

Safetensors& Safetensors::metadata(std::string key, std::string value) {
  metadata_.emplace_back(std::move(key), std::move(value));
  return *this;
}

std::vector<std::byte> Safetensors::bytes() const {
  std::vector<std::string> members;
  if (!metadata_.empty()) {
    std::vector<std::string> pairs;
    for (const auto& [key, value] : metadata_) {
      pairs.push_back(json_text(key) + ":" + json_text(value));
    }
    members.push_back(fmt::format("\"__metadata__\":{{{}}}", fmt::join(pairs, ",")));
  }
  for (const Entry& entry : entries_) {
    members.push_back(fmt::format(R"({}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                                  json_text(entry.name), format::dtype_name(entry.dtype),
                                  fmt::join(entry.shape, ","), entry.begin, entry.end));
  }
  std::vector<std::byte> file = raw_safetensors(fmt::format("{{{}}}", fmt::join(members, ",")));
  file.insert(file.end(), data_.begin(), data_.end());
  return file;
}

std::vector<std::string> Safetensors::names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) names.push_back(entry.name);
  return names;
}

void write_sharded(const TempFolder& folder, const std::vector<Safetensors>& shards) {
  std::vector<std::string> map;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const std::string file = fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, shards.size());
    folder.write(file, shards[i].bytes());
    total += shards[i].data_bytes();
    for (const std::string& name : shards[i].names()) {
      map.push_back(json_text(name) + ":" + json_text(file));
    }
  }
  folder.write("model.safetensors.index.json",
               fmt::format(R"({{"metadata":{{"total_size":{}}},"weight_map":{{{}}}}})", total,
                           fmt::join(map, ",")));
}

}  // namespace prov::tests
