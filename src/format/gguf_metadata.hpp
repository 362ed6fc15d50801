// What a GGUF file says besides its tensors: keys with typed values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace prov::format {

/// Numbered as in the file.
enum class GgufType : std::uint32_t {
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  f32,
  boolean,
  text,
  array,
  u64,
  i64,
  f64,
};

/// Bytes of one value; 0 for texts and arrays, whose length is written before them.
unsigned width_of(GgufType type);

/// Elements of one type, never arrays. Numbers stay packed: 2^27 of them would not fit otherwise.
struct GgufArray {
  GgufType of = GgufType::u8;
  std::vector<std::byte> packed;   // numbers and booleans, little-endian
  std::vector<std::string> texts;  // for GgufType::text

  std::size_t size() const;
  /// Element `i` < size(); nullopt for texts, and for integers that the result cannot hold.
  std::optional<std::int64_t> integer(std::size_t i) const;
  std::optional<double> number(std::size_t i) const;
};

using GgufValue = std::variant<std::uint64_t, std::int64_t, double, bool, std::string, GgufArray>;

/// Claims by whoever wrote the file. An absent key and one of another type look alike. Immutable
/// once read, thread-safe.
struct GgufMetadata {
  std::map<std::string, GgufValue, std::less<>> values;

  const std::string* text(std::string_view key) const;
  /// Integers of any width; nullopt beyond 2^63.
  std::optional<std::int64_t> integer(std::string_view key) const;
  /// Integers and floats.
  std::optional<double> number(std::string_view key) const;
  std::optional<bool> boolean(std::string_view key) const;
  const GgufArray* array(std::string_view key) const;

 private:
  const GgufValue* find(std::string_view key) const;
};

}  // namespace prov::format
