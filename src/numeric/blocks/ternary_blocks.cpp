// TQ1_0  48 bytes of five trits, 4 bytes of four, f16 d. A byte b is a fraction b / 256 in base 3;
//        trit n is the digit before the point of 3 (b 3^n mod 256) / 256
// TQ2_0  64 bytes of four 2-bit numbers; f16 d
// y = d (digit - 1)
#include "numeric/blocks/block_walk.hpp"
#include "numeric/blocks/ggml_blocks.hpp"

namespace prov::numeric {
namespace {

constexpr std::size_t kNumbers = 256;

/// Trit 0 of all `count` bytes, then trit 1 of all, ...
float* write_trits(const std::byte* bytes, std::size_t count, unsigned trits, float d, float* out) {
  unsigned power = 1;
  for (unsigned n = 0; n < trits; ++n, power *= 3) {
    for (std::size_t i = 0; i < count; ++i) {
      const unsigned shifted = byte_at(bytes, i) * power & 255u;
      *out++ = d * static_cast<float>(static_cast<int>(shifted * 3 >> 8) - 1);
    }
  }
  return out;
}

void tq1_0_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 52);
  out = write_trits(block, 32, 5, d, out);
  out = write_trits(block + 32, 16, 5, d, out);
  write_trits(block + 48, 4, 4, d, out);
}

void tq2_0_block(const std::byte* block, float* out) {
  const float d = f16_at(block, 64);
  for (std::size_t part = 0; part < 8; ++part) {  // 32 numbers
    const std::byte* const from = block + part / 4 * 32;
    const auto shift = static_cast<unsigned>(part % 4 * 2);
    for (std::size_t i = 0; i < 32; ++i) {
      const int digit = static_cast<int>(byte_at(from, i) >> shift & 3u);
      out[part * 32 + i] = d * static_cast<float>(digit - 1);
    }
  }
}

}  // namespace

void decode_tq1_0(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 54>(bytes, first, out, tq1_0_block);
}
void decode_tq2_0(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<kNumbers, 66>(bytes, first, out, tq2_0_block);
}

}  // namespace prov::numeric
