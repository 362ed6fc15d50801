// Blocks of 256 numbers whose sub-blocks of 16 or 32 have scales in units of d (and least values in
// units of dmin), quantised to 4, 6 or 8 bits.
//
// Q2_K  16 x (scale 4 bits, least 4 bits); 64 bytes of 2-bit numbers; f16 d, dmin
// Q3_K  32 bytes of third bits; 64 bytes of 2-bit numbers; 12 bytes of scales; f16 d
// Q4_K  f16 d, dmin; 12 bytes of scales and least values; 128 bytes
// Q5_K  f16 d, dmin; 12 bytes; 32 bytes of fifth bits; 128 bytes
// Q6_K  128 bytes of low halves; 64 bytes of two more bits; 16 i8 scales; f16 d
// Q8_K  f32 d; 256 i8; 16 i16 sums
#include "numeric/blocks/block_walk.hpp"
#include "numeric/blocks/ggml_blocks.hpp"

namespace prov::numeric {
namespace {

constexpr std::size_t kNumbers = 256;

/// Q4_K and Q5_K: eight 6-bit scales and eight 6-bit least values in 12 bytes.
///   0..3   scale of sub-block 0..3, above it two bits of the scale of 4..7
///   4..7   least value of 0..3, above it two bits of that of 4..7
///   8..11  the low four bits of the scale and of the least value of 4..7
struct ScaleAndLeast {
  float scale, least;
};

ScaleAndLeast scale_and_least(const std::byte* packed, std::size_t j) {
  if (j < 4) {
    return {static_cast<float>(byte_at(packed, j) & 63u),
            static_cast<float>(byte_at(packed, j + 4) & 63u)};
  }
  const unsigned low = byte_at(packed, j + 4);
  return {static_cast<float>((low & 15u) | byte_at(packed, j - 4) >> 6 << 4),
          static_cast<float>(low >> 4 | byte_at(packed, j) >> 6 << 4)};
}

/// Q3_K: sixteen 6-bit scales in 12 bytes, less 32.
int q3_scale(const std::byte* packed, std::size_t k) {
  const unsigned low = k < 8 ? byte_at(packed, k) & 15u : byte_at(packed, k - 8) >> 4;
  const unsigned high = byte_at(packed, 8 + k % 4) >> (2 * (k / 4)) & 3u;
  return static_cast<int>(low | high << 4) - 32;
}

void q2_k_block(const std::byte* block, float* out) {
  const std::byte* const quants = block + 16;
  const float d = f16_at(block, 80), dmin = f16_at(block, 82);
  for (std::size_t sub = 0; sub < 16; ++sub) {
    // 128 numbers share 32 bytes, two bits each: sub-blocks 2t and 2t + 1 are bits 2t of them.
    const std::byte* const from = quants + sub / 8 * 32 + sub % 2 * 16;
    const unsigned shift = static_cast<unsigned>(sub % 8 / 2 * 2);
    const float scale = d * static_cast<float>(byte_at(block, sub) & 15u);
    const float least = dmin * static_cast<float>(byte_at(block, sub) >> 4);
    for (std::size_t i = 0; i < 16; ++i) {
      out[sub * 16 + i] =
          scale * static_cast<float>(static_cast<int>(byte_at(from, i) >> shift & 3u)) - least;
    }
  }
}

void q3_k_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 108);
  for (std::size_t sub = 0; sub < 16; ++sub) {
    const std::byte* const from = block + 32 + sub / 8 * 32 + sub % 2 * 16;
    const std::byte* const third = block + sub % 2 * 16;
    const auto shift = static_cast<unsigned>(sub % 8 / 2 * 2), bit = static_cast<unsigned>(sub / 2);
    const float scale = d * static_cast<float>(q3_scale(block + 96, sub));
    for (std::size_t i = 0; i < 16; ++i) {
      const int low = static_cast<int>(byte_at(from, i) >> shift & 3u);
      const int high = static_cast<int>(byte_at(third, i) >> bit & 1u);  // set: nothing to take off
      out[sub * 16 + i] = scale * static_cast<float>(low + 4 * high - 4);
    }
  }
}

void q4_k_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 0), dmin = f16_at(block, 2);
  for (std::size_t pair = 0; pair < 4; ++pair) {
    const std::byte* const quants = block + 16 + pair * 32;
    const ScaleAndLeast a = scale_and_least(block + 4, 2 * pair),
                        b = scale_and_least(block + 4, 2 * pair + 1);
    const float scale_a = d * a.scale, least_a = dmin * a.least;
    const float scale_b = d * b.scale, least_b = dmin * b.least;
    float* const y = out + pair * 64;
    for (std::size_t i = 0; i < 32; ++i) {
      const int low = static_cast<int>(byte_at(quants, i) & 15u);
      const int high = static_cast<int>(byte_at(quants, i) >> 4);
      y[i] = scale_a * static_cast<float>(low) - least_a;
      y[i + 32] = scale_b * static_cast<float>(high) - least_b;
    }
  }
}

void q5_k_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 0), dmin = f16_at(block, 2);
  const std::byte* const fifth = block + 16;
  for (unsigned pair = 0; pair < 4; ++pair) {
    const std::byte* const quants = block + 48 + pair * 32;
    const ScaleAndLeast a = scale_and_least(block + 4, 2 * pair),
                        b = scale_and_least(block + 4, 2 * pair + 1);
    const float scale_a = d * a.scale, least_a = dmin * a.least;
    const float scale_b = d * b.scale, least_b = dmin * b.least;
    float* const y = out + pair * 64;
    for (std::size_t i = 0; i < 32; ++i) {
      const unsigned bits = byte_at(fifth, i) >> (2 * pair);
      const int low = static_cast<int>((byte_at(quants, i) & 15u) | (bits & 1u) << 4);
      const int high = static_cast<int>(byte_at(quants, i) >> 4 | (bits >> 1 & 1u) << 4);
      y[i] = scale_a * static_cast<float>(low) - least_a;
      y[i + 32] = scale_b * static_cast<float>(high) - least_b;
    }
  }
}

void q6_k_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 208);
  for (std::size_t half = 0; half < 2; ++half) {
    const std::byte* const low = block + half * 64;
    const std::byte* const high = block + 128 + half * 32;
    for (unsigned part = 0; part < 4; ++part) {  // 32 numbers: one half of a byte, two bits above
      const std::byte* const from = low + part % 2 * 32;
      const unsigned shift = part / 2 * 4;
      for (std::size_t sub = 0; sub < 2; ++sub) {
        const std::size_t k = half * 8 + part * 2 + sub;
        const float scale = d * static_cast<float>(signed_byte_at(block, 192 + k));
        for (std::size_t i = sub * 16; i < sub * 16 + 16; ++i) {
          const unsigned q =
              (byte_at(from, i) >> shift & 15u) | (byte_at(high, i) >> (2 * part) & 3u) << 4;
          out[half * 128 + part * 32 + i] = scale * static_cast<float>(static_cast<int>(q) - 32);
        }
      }
    }
  }
}

void q8_k_block(const std::byte* block, float* out) {
  const float d = std::bit_cast<float>(u32_at(block, 0));
  for (std::size_t i = 0; i < kNumbers; ++i)
    out[i] = d * static_cast<float>(signed_byte_at(block + 4, i));
}

}  // namespace

void decode_q2_k(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 84>(bytes, first, out, q2_k_block);
}
void decode_q3_k(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 110>(bytes, first, out, q3_k_block);
}
void decode_q4_k(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 144>(bytes, first, out, q4_k_block);
}
void decode_q5_k(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 176>(bytes, first, out, q5_k_block);
}
void decode_q6_k(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 210>(bytes, first, out, q6_k_block);
}
void decode_q8_k(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 292>(bytes, first, out, q8_k_block);
}

}  // namespace prov::numeric
