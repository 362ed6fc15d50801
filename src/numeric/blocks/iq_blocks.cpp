// Blocks of 256 numbers (IQ4_NL: 32) that are entries of a code-book times a scale, with signs.
//
// IQ2_XXS  f16 d; for 32 numbers 4 indices of 8 bits, u32: four signs of 7 bits, scale of 4
// IQ2_XS   f16 d; 32 x u16: index of 9 bits, signs of 7; 8 bytes of scales of 4 bits
// IQ2_S    f16 d; 32 low index bytes; 32 bytes of signs; 8 bytes of 2 high bits; 8 of scales
// IQ3_XXS  f16 d; 64 indices of 8 bits; 8 x u32: four signs of 7 bits, scale of 4
// IQ3_S    f16 d; 64 low index bytes; 8 bytes of ninth bits; 32 of signs; 4 of scales
// IQ4_NL   f16 d; 16 bytes, low halves first
// IQ4_XS   f16 d; u16 high scale bits; 4 bytes of low scale bits; 128 bytes
//
// Signs of 7 bits stand for 8: the last makes their number even.
#include "numeric/blocks/block_walk.hpp"
#include "numeric/blocks/codebook_table.hpp"
#include "numeric/blocks/ggml_blocks.hpp"

namespace prov::numeric {
namespace {

constexpr std::size_t kNumbers = 256;
constexpr std::size_t kSubBlocks = 8;  // of 32 numbers

constexpr float kIq4Levels[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                  1,    13,   25,  38,  53,  69,  89,  113};

unsigned with_parity(unsigned signs) {
  return signs | (static_cast<unsigned>(std::popcount(signs)) & 1u) << 7;
}

template <std::size_t kLength>
void write_entry(const std::array<std::int8_t, kLength>& entry, float scale, unsigned signs,
                 float* out) {
  const std::array<std::uint8_t, 8>& negative = kBitsApart[signs & 255u];
  for (std::size_t j = 0; j < kLength; ++j) {
    const auto magnitude = std::bit_cast<std::uint32_t>(scale * static_cast<float>(entry[j]));
    out[j] = std::bit_cast<float>(magnitude ^ std::uint32_t{negative[j]} << 31);
  }
}

unsigned half_byte(const std::byte* bytes, std::size_t i) {
  return byte_at(bytes, i / 2) >> (4 * (i % 2)) & 15u;
}

float scaled(float d, unsigned code, float factor) {
  return d * (0.5F + static_cast<float>(static_cast<int>(code))) * factor;
}

void iq2_xxs_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 0);
  for (std::size_t sub = 0; sub < kSubBlocks; ++sub) {
    const std::byte* const indices = block + 2 + 8 * sub;
    const std::uint32_t rest = u32_at(indices, 4);
    const float scale = scaled(d, rest >> 28, 0.25F);
    for (unsigned l = 0; l < 4; ++l) {
      write_entry(kIq2xxsCodebook[byte_at(indices, l)], scale, with_parity(rest >> (7 * l) & 127u),
                  out + 32 * sub + 8 * l);
    }
  }
}

void iq2_xs_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 0);
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned code = u16_at(block, 2 + 2 * i);
    write_entry(kIq2xsCodebook[code & 511u], scaled(d, half_byte(block + 66, i / 2), 0.25F),
                with_parity(code >> 9), out + 8 * i);
  }
}

void iq2_s_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 0);
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned high = byte_at(block, 66 + i / 4) >> (2 * (i % 4)) & 3u;
    write_entry(kIq2sCodebook[byte_at(block, 2 + i) | high << 8],
                scaled(d, half_byte(block + 74, i / 2), 0.25F), byte_at(block, 34 + i),
                out + 8 * i);
  }
}

void iq3_xxs_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 0);
  for (std::size_t sub = 0; sub < kSubBlocks; ++sub) {
    const std::uint32_t rest = u32_at(block, 66 + 4 * sub);
    const float scale = scaled(d, rest >> 28, 0.5F);
    for (unsigned i = 0; i < 8; ++i) {
      const unsigned signs = with_parity(rest >> (7 * (i / 2)) & 127u);
      write_entry(kIq3xxsCodebook[byte_at(block, 2 + 8 * sub + i)], scale, signs >> (4 * (i % 2)),
                  out + 32 * sub + 4 * i);
    }
  }
}

void iq3_s_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 0);
  for (std::size_t i = 0; i < 64; ++i) {
    const unsigned ninth = byte_at(block, 66 + i / 8) >> (i % 8) & 1u;
    const unsigned signs = byte_at(block, 74 + i / 2) >> (4 * (i % 2));
    const unsigned code = half_byte(block + 106, i / 8);
    write_entry(kIq3sCodebook[byte_at(block, 2 + i) | ninth << 8],
                d * static_cast<float>(static_cast<int>(1 + 2 * code)), signs, out + 4 * i);
  }
}

void write_iq4(const std::byte* quants, float scale, float* out) {
  for (std::size_t i = 0; i < 16; ++i) {
    out[i] = scale * kIq4Levels[byte_at(quants, i) & 15u];
    out[i + 16] = scale * kIq4Levels[byte_at(quants, i) >> 4];
  }
}

void iq4_xs_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 0);
  const unsigned high = u16_at(block, 2);
  for (std::size_t sub = 0; sub < kSubBlocks; ++sub) {
    const unsigned code = half_byte(block + 4, sub) | (high >> (2 * sub) & 3u) << 4;
    write_iq4(block + 8 + 16 * sub, d * static_cast<float>(static_cast<int>(code) - 32),
              out + 32 * sub);
  }
}

}  // namespace

void decode_iq2_xxs(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 66>(bytes, first, out, iq2_xxs_block);
}
void decode_iq2_xs(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 74>(bytes, first, out, iq2_xs_block);
}
void decode_iq2_s(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 82>(bytes, first, out, iq2_s_block);
}
void decode_iq3_xxs(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 98>(bytes, first, out, iq3_xxs_block);
}
void decode_iq3_s(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 110>(bytes, first, out, iq3_s_block);
}
void decode_iq4_nl(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<32, 18>(bytes, first, out, [](const std::byte* block, float* y) {
    write_iq4(block + 2, f16_at(block, 0), y);
  });
}
void decode_iq4_xs(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 136>(bytes, first, out, iq4_xs_block);
}

}  // namespace prov::numeric
