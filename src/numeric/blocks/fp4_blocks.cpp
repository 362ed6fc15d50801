// MXFP4  u8 e; 16 bytes, low halves first        y = 2^(e - 128) * twice the E2M1
// NVFP4  4 x u8 scale; 4 x 8 bytes, low halves first of each
//        y = UE4M3(scale) / 2 * twice the E2M1; scales 0 and 0x7f are 0, the sign bit counts
//        nothing
#include <cmath>

#include "numeric/blocks/block_walk.hpp"
#include "numeric/blocks/ggml_blocks.hpp"

namespace prov::numeric {
namespace {

constexpr float kTwiceE2m1[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

void look_up_halves(const std::byte* quants, std::size_t bytes, float d, float* out) {
  for (std::size_t i = 0; i < bytes; ++i) {
    out[i] = d * kTwiceE2m1[byte_at(quants, i) & 15u];
    out[i + bytes] = d * kTwiceE2m1[byte_at(quants, i) >> 4];
  }
}

/// 2^(e - 128); subnormal for e < 2.
float half_e8m0(unsigned e) {
  return std::bit_cast<float>(e < 2 ? 0x00200000u << e : (e - 1) << 23);
}

float half_ue4m3(unsigned code) {
  if (code == 0 || code == 0x7f) return 0;
  const unsigned exponent = code >> 3 & 15u;
  const auto fraction = static_cast<float>(code & 7u);
  if (exponent == 0) return fraction * 0x1p-9F * 0.5F;
  return (1.0F + fraction / 8.0F) * std::ldexp(0.5F, static_cast<int>(exponent) - 7);
}

}  // namespace

void decode_mxfp4(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<32, 17>(bytes, first, out, [](const std::byte* block, float* y) {
    look_up_halves(block + 1, 16, half_e8m0(byte_at(block, 0)), y);
  });
}

void decode_nvfp4(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<64, 36>(bytes, first, out, [](const std::byte* block, float* y) {
    for (std::size_t sub = 0; sub < 4; ++sub)
      look_up_halves(block + 4 + sub * 8, 8, half_ue4m3(byte_at(block, sub)), y + sub * 16);
  });
}

}  // namespace prov::numeric
