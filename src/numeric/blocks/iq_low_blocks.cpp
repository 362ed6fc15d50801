// Blocks of 256 numbers at less than 2 bits: y = scale * (entry + delta), entries of -1, 0 and 1.
//
// IQ1_S  f16 d; 32 low index bytes; 8 x u16: four times 3 high index bits, scale of 3 bits, sign of
//        delta
// IQ1_M  32 low index bytes; 16 bytes, for each index 3 high bits and the sign of delta; 4 x u16:
//        four scales of 3 bits and 4 bits of the f16 d, the lowest first
#include "numeric/blocks/block_walk.hpp"
#include "numeric/blocks/codebook_table.hpp"
#include "numeric/blocks/ggml_blocks.hpp"

namespace prov::numeric {
namespace {

constexpr std::size_t kNumbers = 256;
constexpr float kDelta = 0.125F;

float odd_multiple(float d, unsigned code) {
  return d * static_cast<float>(static_cast<int>(2 * code + 1));
}

void write_entry(const std::array<std::int8_t, 8>& entry, float scale, bool below, float* out) {
  const float delta = below ? -kDelta : kDelta;
  for (std::size_t j = 0; j < entry.size(); ++j)
    out[j] = scale * (static_cast<float>(entry[j]) + delta);
}

void iq1_s_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 0);
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned rest = u16_at(block, 34 + i / 4 * 2);
    const unsigned high = rest >> (3 * (i % 4)) & 7u;
    write_entry(kIq1Codebook[byte_at(block, 2 + i) | high << 8], odd_multiple(d, rest >> 12 & 7u),
                rest >> 15 != 0, out + 8 * i);
  }
}

void iq1_m_block(const std::byte* block, float* out) {
  const std::byte* const scales = block + 48;
  unsigned d_bits = 0;
  for (unsigned word = 0; word < 4; ++word) d_bits |= u16_at(scales, 2 * word) >> 12 << (4 * word);
  const float d = widen(Float16{static_cast<std::uint16_t>(d_bits)});
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned rest = byte_at(block, 32 + i / 2) >> (4 * (i % 2)) & 15u;
    const unsigned code = u16_at(scales, i / 8 * 2) >> (3 * (i / 2 % 4)) & 7u;
    write_entry(kIq1Codebook[byte_at(block, i) | (rest & 7u) << 8], odd_multiple(d, code),
                rest >> 3 != 0, out + 8 * i);
  }
}

}  // namespace

void decode_iq1_s(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 50>(bytes, first, out, iq1_s_block);
}
void decode_iq1_m(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 56>(bytes, first, out, iq1_m_block);
}

}  // namespace prov::numeric
