// The inverse of record_writer.hpp: every byte is checked, every error names field and offset.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/try.hpp"
#include "base/utf8.hpp"
#include "signals/fingerprint_fields.hpp"

namespace prov::signals {

/// Reads values one after the other. A count is believed only as far as bytes follow.
class RecordReader {
 public:
  /// `name` is for messages. Reading begins at `at`.
  RecordReader(std::span<const std::byte> bytes, std::string_view name, std::size_t at = 0)
      : bytes_(bytes), name_(name), at_(at) {}

  std::size_t left() const { return bytes_.size() - at_; }
  Error error(ErrorCode code, std::string message, std::string_view field) const {
    return {.code = code,
            .message = std::move(message),
            .file = name_,
            .offset = at_,
            .field = std::string(field)};
  }

  template <class T>
    requires(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>)
  Result<void> operator()(std::string_view field, T& value) {
    return copy(field, std::as_writable_bytes(std::span(&value, 1)));
  }
  Result<void> operator()(std::string_view field, bool& value) {
    PROV_TRY(const std::size_t choice, choose(field));
    value = choice == 1;
    return {};
  }
  Result<void> operator()(std::string_view field, NlfMode& mode) {
    PROV_TRY(const std::size_t choice, choose(field));
    mode = choice == 1 ? NlfMode::statistics : NlfMode::direct;
    return {};
  }
  Result<void> operator()(std::string_view field, std::string& text) {
    std::uint32_t size = 0;
    PROV_CHECK((*this)(field, size));
    PROV_CHECK(require(field, size, 1));
    text.resize(size);
    PROV_CHECK(copy(field, std::as_writable_bytes(std::span(text))));
    if (base::find_invalid_utf8(text) == std::string_view::npos) return {};
    return error(ErrorCode::malformed, "the text is not valid UTF-8", field);
  }
  template <class T>
  Result<void> operator()(std::string_view field, std::vector<T>& list) {
    std::uint64_t count = 0;
    PROV_CHECK((*this)(field, count));
    if constexpr (std::is_arithmetic_v<T>) {
      PROV_CHECK(require(field, count, sizeof(T)));
      list.resize(count);
      return copy(field, std::as_writable_bytes(std::span(list)));
    } else {
      for (std::uint64_t i = 0; i < count; ++i) PROV_CHECK((*this)(field, list.emplace_back()));
      return {};
    }
  }
  template <class Key, class Value>
  Result<void> operator()(std::string_view field, std::map<Key, Value>& map) {
    std::uint64_t count = 0;
    PROV_CHECK((*this)(field, count));
    for (std::uint64_t i = 0; i < count; ++i) {
      Key key{};
      PROV_CHECK((*this)(field, key));
      if (!map.empty() && key <= map.rbegin()->first) {
        return error(ErrorCode::malformed, "the keys do not ascend", field);
      }
      PROV_CHECK((*this)(field, map[key]));
    }
    return {};
  }
  template <class A, class B>
  Result<void> operator()(std::string_view field, std::pair<A, B>& pair) {
    PROV_CHECK((*this)(field, pair.first));
    return (*this)(field, pair.second);
  }
  template <std::size_t kCount>
  Result<void> operator()(std::string_view field, std::array<double, kCount>& numbers) {
    return copy(field, std::as_writable_bytes(std::span(numbers)));
  }
  template <class T>
  Result<void> operator()(std::string_view field, std::optional<T>& value) {
    PROV_TRY(const std::size_t choice, choose(field));
    if (choice == 0) return {};
    return (*this)(field, value.emplace());
  }
  Result<void> operator()(std::string_view field, model::ConfigNumber& number) {
    PROV_TRY(const std::size_t choice, choose(field));
    if (choice == 0) return (*this)(field, number.emplace<std::int64_t>());
    return (*this)(field, number.emplace<double>());
  }
  template <class Record>
    requires std::is_class_v<Record>
  Result<void> operator()(std::string_view, Record& record) {
    return each_field(*this, record);
  }

 private:
  // A byte that must be 0 or 1.
  Result<std::size_t> choose(std::string_view field) {
    std::uint8_t value = 0;
    PROV_CHECK((*this)(field, value));
    if (value > 1) return error(ErrorCode::malformed, "the byte is neither 0 nor 1", field);
    return std::size_t{value};
  }
  Result<void> require(std::string_view field, std::uint64_t elements,
                       std::size_t element_bytes) const {
    if (elements <= left() / element_bytes) return {};
    return error(ErrorCode::truncated, "the fingerprint ends early", field);
  }
  Result<void> copy(std::string_view field, std::span<std::byte> out) {
    PROV_CHECK(require(field, out.size(), 1));
    std::ranges::copy(bytes_.subspan(at_, out.size()), out.begin());
    at_ += out.size();
    return {};
  }

  std::span<const std::byte> bytes_;
  std::string name_;
  std::size_t at_;
};

}  // namespace prov::signals
