// Q4_0  f16 d; 16 bytes          y = d (q - 8), low halves first, then high halves
// Q4_1  f16 d, m; 16 bytes       y = d q + m
// Q5_0  f16 d; u32 high; 16      y = d (q - 16), bit i of `high` above the 4 bits of number i
// Q5_1  f16 d, m; u32 high; 16   y = d q + m
// Q8_0  f16 d; 32 i8             y = d q
// Q8_1  f16 d, sum; 32 i8        y = d q
#include "numeric/blocks/block_walk.hpp"
#include "numeric/blocks/ggml_blocks.hpp"

namespace prov::numeric {
namespace {

constexpr std::size_t kHalf = 16;

/// Calls `value(q)` with the 4 bits of each number.
template <class Value>
void from_halves(const std::byte* quants, float* out, const Value& value) {
  for (std::size_t i = 0; i < kHalf; ++i) {
    out[i] = value(static_cast<int>(byte_at(quants, i) & 15u));
    out[i + kHalf] = value(static_cast<int>(byte_at(quants, i) >> 4));
  }
}

/// The same with a fifth bit, bit i of 32 for number i.
template <class Value>
void from_halves(const std::byte* quants, const std::byte* high, float* out, const Value& value) {
  std::array<std::uint8_t, 2 * kHalf> fifth;
  for (std::size_t i = 0; i < 4; ++i)
    std::ranges::copy(kBitsApart[byte_at(high, i)],
                      fifth.begin() + static_cast<std::ptrdiff_t>(8 * i));
  for (std::size_t i = 0; i < kHalf; ++i) {
    out[i] = value(static_cast<int>((byte_at(quants, i) & 15u) | unsigned{fifth[i]} << 4));
    out[i + kHalf] =
        value(static_cast<int>(byte_at(quants, i) >> 4 | unsigned{fifth[i + kHalf]} << 4));
  }
}

void from_bytes(const std::byte* quants, float d, float* out) {
  for (std::size_t i = 0; i < 2 * kHalf; ++i)
    out[i] = d * static_cast<float>(signed_byte_at(quants, i));
}

}  // namespace

void decode_q4_0(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<32, 18>(bytes, first, out, [](const std::byte* block, float* y) {
    const float d = f16_at(block, 0);
    from_halves(block + 2, y, [d](int q) { return d * static_cast<float>(q - 8); });
  });
}

void decode_q4_1(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<32, 20>(bytes, first, out, [](const std::byte* block, float* y) {
    const float d = f16_at(block, 0), m = f16_at(block, 2);
    from_halves(block + 4, y, [d, m](int q) { return d * static_cast<float>(q) + m; });
  });
}

void decode_q5_0(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<32, 22>(bytes, first, out, [](const std::byte* block, float* y) {
    const float d = f16_at(block, 0);
    from_halves(block + 6, block + 2, y, [d](int q) { return d * static_cast<float>(q - 16); });
  });
}

void decode_q5_1(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<32, 24>(bytes, first, out, [](const std::byte* block, float* y) {
    const float d = f16_at(block, 0), m = f16_at(block, 2);
    from_halves(block + 8, block + 4, y, [d, m](int q) { return d * static_cast<float>(q) + m; });
  });
}

void decode_q8_0(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<32, 34>(bytes, first, out, [](const std::byte* block, float* y) {
    from_bytes(block + 2, f16_at(block, 0), y);
  });
}

void decode_q8_1(std::span<const std::byte> bytes, std::size_t first, std::span<float> out) {
  walk_blocks<32, 36>(bytes, first, out, [](const std::byte* block, float* y) {
    from_bytes(block + 4, f16_at(block, 0), y);
  });
}

}  // namespace prov::numeric
