// From the function of one block to a decoder of any part of a row of blocks.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "numeric/half.hpp"

namespace prov::numeric {

inline unsigned byte_at(const std::byte* block, std::size_t i) {
  return std::to_integer<unsigned>(block[i]);
}

inline int signed_byte_at(const std::byte* block, std::size_t i) {
  return static_cast<std::int8_t>(std::to_integer<unsigned char>(block[i]));
}

inline unsigned u16_at(const std::byte* block, std::size_t i) {
  return byte_at(block, i) | byte_at(block, i + 1) << 8;
}

inline std::uint32_t u32_at(const std::byte* block, std::size_t i) {
  return u16_at(block, i) | u16_at(block, i + 2) << 16;
}

inline float f16_at(const std::byte* block, std::size_t i) {
  return widen(Float16{static_cast<std::uint16_t>(u16_at(block, i))});
}

/// Bit i of a byte as the lowest bit of byte i: variable shifts would keep loops from becoming
/// vectors.
inline constexpr std::array<std::array<std::uint8_t, 8>, 256> kBitsApart = [] {
  std::array<std::array<std::uint8_t, 8>, 256> table{};
  for (unsigned code = 0; code < 256; ++code) {
    for (unsigned i = 0; i < 8; ++i) table[code][i] = static_cast<std::uint8_t>(code >> i & 1u);
  }
  return table;
}();

/// CPUs differ in the sign and payload of a NaN that they make.
inline void settle_nans(std::span<float> values) {
  for (float& value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t settled = (bits & 0x7fffffffu) > 0x7f800000u ? 0x7fc00000u : bits;
    value = std::bit_cast<float>(settled);
  }
}

/// `decode_block(const std::byte* block, float* out)` writes the kNumbers numbers of the kBytes
/// bytes of one block.
template <std::size_t kNumbers, std::size_t kBytes, class DecodeBlock>
void walk_blocks(std::span<const std::byte> bytes, std::size_t first, std::span<float> out,
                 const DecodeBlock& decode_block) {
  std::size_t block = first / kNumbers;
  std::size_t skipped = first % kNumbers;
  while (!out.empty()) {
    const std::byte* const at = bytes.subspan(block * kBytes, kBytes).data();
    const std::size_t count = std::min(kNumbers - skipped, out.size());
    if (count == kNumbers) {
      decode_block(at, out.data());
      settle_nans(out.template first<kNumbers>());
    } else {
      std::array<float, kNumbers> whole;
      decode_block(at, whole.data());
      settle_nans(whole);
      std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(skipped), count, out.begin());
    }
    out = out.subspan(count);
    skipped = 0;
    ++block;
  }
}

}  // namespace prov::numeric
