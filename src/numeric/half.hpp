// The two 16-bit floats as values of their own, so that a buffer of weights says what it holds.
#pragma once

#include <bit>
#include <cstdint>

namespace prov::numeric {

/// The upper half of an IEEE binary32.
struct Bfloat16 {
  std::uint16_t bits = 0;
};

/// IEEE 754 binary16.
struct Float16 {
  std::uint16_t bits = 0;
};

/// Every widening is exact; the payload of a NaN is kept.
inline float widen(float value) { return value; }
inline float widen(Bfloat16 value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16);
}
inline float widen(Float16 value) {
  const std::uint32_t magnitude = static_cast<std::uint32_t>(value.bits & 0x7fffu) << 13;
  // Multiplying by 2^(127 - 15) corrects the bias of the exponent and makes subnormals normal.
  const float scaled = std::bit_cast<float>(magnitude) * 0x1p112f;
  const bool special = (value.bits & 0x7c00u) == 0x7c00u;  // infinity or NaN
  const std::uint32_t bits =
      special ? magnitude | 0x7f800000u : std::bit_cast<std::uint32_t>(scaled);
  const std::uint32_t sign = static_cast<std::uint32_t>(value.bits & 0x8000u) << 16;
  return std::bit_cast<float>(bits | sign);
}

}  // namespace prov::numeric
