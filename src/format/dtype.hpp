#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace prov::format {

/// What is stored on disk. Closed: an unknown name is an error, never a guess.
enum class Dtype {
  boolean,
  f4,
  f6_e2m3,
  f6_e3m2,
  u8,
  i8,
  f8_e5m2,
  f8_e4m3,
  f8_e8m0,
  f8_e4m3fnuz,
  f8_e5m2fnuz,
  i16,
  u16,
  f16,
  bf16,
  i32,
  u32,
  f32,
  c64,
  f64,
  i64,
  u64,
};

/// Bits of one element, 4 to 64.
unsigned bits_per_element(Dtype dtype);
/// Name in a safetensors header, e.g. "BF16".
std::string_view dtype_name(Dtype dtype);
/// Inverse of dtype_name.
std::optional<Dtype> dtype_from_name(std::string_view name);

}  // namespace prov::format
