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

/// The nearest bfloat16 as f32, ties to even; beyond its range infinite. A NaN becomes 0x7fc00000.
inline float rounded_to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return std::bit_cast<float>(0x7fc00000u);
  return std::bit_cast<float>((bits + 0x7fffu + (bits >> 16 & 1u)) & 0xffff0000u);
}

/// The nearest binary16 as f32, ties to even; beyond its range infinite. A NaN becomes 0x7fc00000.
inline float rounded_to_f16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits & 0x80000000u;
  std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return std::bit_cast<float>(0x7fc00000u);
  if (magnitude >= 0x477ff000u) return std::bit_cast<float>(sign | 0x7f800000u);  // 65520
  if (magnitude < 0x38800000u) {
    // Below 2^-14 the step is 2^-24, which is that of f32 just above one half.
    const float steps = (std::bit_cast<float>(magnitude) + 0.5F) - 0.5F;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(steps) | sign);
  }
  magnitude = (magnitude + 0xfffu + (magnitude >> 13 & 1u)) & ~0x1fffu;
  return std::bit_cast<float>(sign | magnitude);
}

}  // namespace prov::numeric
