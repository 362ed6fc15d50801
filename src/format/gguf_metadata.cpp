#include "format/gguf_metadata.hpp"

#include <cstring>
#include <limits>
#include <span>

namespace prov::format {
namespace {

template <class T>
T packed_value(std::span<const std::byte> packed, std::size_t i) {
  T value;
  std::memcpy(&value, packed.subspan(i * sizeof(T), sizeof(T)).data(), sizeof(T));
  return value;
}

/// Calls `use` with element `i` as the type that it has.
template <class Use>
auto visit_element(const GgufArray& array, std::size_t i, const Use& use)
    -> decltype(use(std::uint64_t{})) {
  const std::span<const std::byte> packed = array.packed;
  switch (array.of) {
    case GgufType::u8:
    case GgufType::boolean:
      return use(std::uint64_t{packed_value<std::uint8_t>(packed, i)});
    case GgufType::i8:
      return use(std::int64_t{packed_value<std::int8_t>(packed, i)});
    case GgufType::u16:
      return use(std::uint64_t{packed_value<std::uint16_t>(packed, i)});
    case GgufType::i16:
      return use(std::int64_t{packed_value<std::int16_t>(packed, i)});
    case GgufType::u32:
      return use(std::uint64_t{packed_value<std::uint32_t>(packed, i)});
    case GgufType::i32:
      return use(std::int64_t{packed_value<std::int32_t>(packed, i)});
    case GgufType::u64:
      return use(packed_value<std::uint64_t>(packed, i));
    case GgufType::i64:
      return use(packed_value<std::int64_t>(packed, i));
    case GgufType::f32:
      return use(static_cast<double>(packed_value<float>(packed, i)));
    case GgufType::f64:
      return use(packed_value<double>(packed, i));
    case GgufType::text:
    case GgufType::array:
      break;
  }
  return std::nullopt;
}

struct ToInteger {
  std::optional<std::int64_t> operator()(std::int64_t value) const { return value; }
  std::optional<std::int64_t> operator()(std::uint64_t value) const {
    if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return std::nullopt;
    return static_cast<std::int64_t>(value);
  }
  template <class Other>
  std::optional<std::int64_t> operator()(const Other&) const {
    return std::nullopt;
  }
};

struct ToNumber {
  std::optional<double> operator()(std::int64_t value) const { return static_cast<double>(value); }
  std::optional<double> operator()(std::uint64_t value) const { return static_cast<double>(value); }
  std::optional<double> operator()(double value) const { return value; }
  template <class Other>
  std::optional<double> operator()(const Other&) const {
    return std::nullopt;
  }
};

template <class T>
const T* held(const GgufValue* value) {
  return value == nullptr ? nullptr : std::get_if<T>(value);
}

}  // namespace

unsigned width_of(GgufType type) {
  switch (type) {
    case GgufType::u8:
    case GgufType::i8:
    case GgufType::boolean:
      return 1;
    case GgufType::u16:
    case GgufType::i16:
      return 2;
    case GgufType::u32:
    case GgufType::i32:
    case GgufType::f32:
      return 4;
    case GgufType::u64:
    case GgufType::i64:
    case GgufType::f64:
      return 8;
    case GgufType::text:
    case GgufType::array:
      return 0;
  }
  return 0;
}

std::size_t GgufArray::size() const {
  const unsigned width = width_of(of);
  return width == 0 ? texts.size() : packed.size() / width;
}

std::optional<std::int64_t> GgufArray::integer(std::size_t i) const {
  return visit_element(*this, i, ToInteger());
}

std::optional<double> GgufArray::number(std::size_t i) const {
  return visit_element(*this, i, ToNumber());
}

const GgufValue* GgufMetadata::find(std::string_view key) const {
  const auto found = values.find(key);
  return found == values.end() ? nullptr : &found->second;
}

const std::string* GgufMetadata::text(std::string_view key) const {
  return held<std::string>(find(key));
}

std::optional<std::int64_t> GgufMetadata::integer(std::string_view key) const {
  const GgufValue* value = find(key);
  return value == nullptr ? std::nullopt : std::visit(ToInteger(), *value);
}

std::optional<double> GgufMetadata::number(std::string_view key) const {
  const GgufValue* value = find(key);
  return value == nullptr ? std::nullopt : std::visit(ToNumber(), *value);
}

std::optional<bool> GgufMetadata::boolean(std::string_view key) const {
  const bool* value = held<bool>(find(key));
  return value == nullptr ? std::nullopt : std::optional(*value);
}

const GgufArray* GgufMetadata::array(std::string_view key) const {
  return held<GgufArray>(find(key));
}

}  // namespace prov::format
