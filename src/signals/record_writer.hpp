// Values as the bytes of fingerprint_codec.hpp.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "signals/fingerprint_fields.hpp"

namespace prov::signals {

static_assert(std::endian::native == std::endian::little,
              "numbers are copied as they lie in memory");

/// Appends values. The overloads are the grammar.
class RecordWriter {
 public:
  template <class T>
  Result<void> operator()(std::string_view, const T& value) {
    put(value);
    return {};
  }

  template <class T>
    requires std::is_arithmetic_v<T>
  void put(T value) {
    append(std::as_bytes(std::span(&value, 1)));
  }
  void put(NlfMode mode) { put(static_cast<std::uint8_t>(mode == NlfMode::statistics)); }
  void put(const std::string& text) {
    put(static_cast<std::uint32_t>(text.size()));
    append(std::as_bytes(std::span(text)));
  }
  template <class T>
  void put(const std::vector<T>& list) {
    put(static_cast<std::uint64_t>(list.size()));
    if constexpr (std::is_arithmetic_v<T>) {
      append(std::as_bytes(std::span(list)));
    } else {
      for (const T& element : list) put(element);
    }
  }
  template <class Key, class Value>
  void put(const std::map<Key, Value>& map) {
    put(static_cast<std::uint64_t>(map.size()));
    for (const auto& entry : map) put(entry);
  }
  template <class A, class B>
  void put(const std::pair<A, B>& pair) {
    put(pair.first);
    put(pair.second);
  }
  template <std::size_t kCount>
  void put(const std::array<double, kCount>& numbers) {
    append(std::as_bytes(std::span(numbers)));
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(static_cast<std::uint8_t>(value.has_value()));
    if (value) put(*value);
  }
  void put(const model::ConfigNumber& number) {
    put(static_cast<std::uint8_t>(number.index()));
    std::visit([this](auto value) { put(value); }, number);
  }
  template <class Record>
    requires std::is_class_v<Record>
  void put(const Record& record) {
    static_cast<void>(each_field(*this, record));  // writing cannot fail
  }

  std::span<const std::byte> bytes() const { return bytes_; }
  std::vector<std::byte> take() && { return std::move(bytes_); }

 private:
  void append(std::span<const std::byte> raw) {
    bytes_.insert(bytes_.end(), raw.begin(), raw.end());
  }

  std::vector<std::byte> bytes_;
};

}  // namespace prov::signals
