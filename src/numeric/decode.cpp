#include "numeric/decode.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

#include "numeric/half.hpp"

namespace prov::numeric {
namespace {

static_assert(std::endian::native == std::endian::little,
              "stored numbers are little-endian and loaded as they are");

using Bytes = std::span<const std::byte>;

template <class T>
T load(Bytes bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes.subspan(i * sizeof(T), sizeof(T)).data(), sizeof(T));
  return value;
}

/// Numbers that C++ itself can turn into a float.
template <class T>
void decode_native(Bytes bytes, std::size_t first, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<float>(load<T>(bytes, first + i));
}

template <class Half>
void decode_half(Bytes bytes, std::size_t first, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = widen(load<Half>(bytes, first + i));
}

constexpr float power_of_two(int exponent) {
  float power = 1;
  for (; exponent > 0; --exponent) power *= 2;
  for (; exponent < 0; ++exponent) power /= 2;
  return power;
}

/// A sign, `exponent_bits`, `mantissa_bits`; exponent 0 is subnormal, the highest one is not
/// special.
constexpr float plain_float(unsigned code, unsigned exponent_bits, unsigned mantissa_bits,
                            int bias) {
  const unsigned mantissa = code & ((1u << mantissa_bits) - 1);
  const unsigned exponent = (code >> mantissa_bits) & ((1u << exponent_bits) - 1);
  const bool negative = (code >> (mantissa_bits + exponent_bits)) & 1;
  const unsigned significand = exponent == 0 ? mantissa : mantissa | 1u << mantissa_bits;
  const int scale =
      (exponent == 0 ? 1 : static_cast<int>(exponent)) - bias - static_cast<int>(mantissa_bits);
  const float magnitude = static_cast<float>(significand) * power_of_two(scale);
  return negative ? -magnitude : magnitude;
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

template <std::size_t kCodes, class Function>
constexpr std::array<float, kCodes> tabulate(Function value_of) {
  std::array<float, kCodes> table{};
  for (unsigned code = 0; code < kCodes; ++code) table[code] = value_of(code);
  return table;
}

constexpr auto kE4m3 = tabulate<256>(
    [](unsigned code) { return (code & 0x7f) == 0x7f ? kNan : plain_float(code, 4, 3, 7); });
constexpr auto kE5m2 = tabulate<256>([](unsigned code) {
  if ((code & 0x7f) == 0x7c) return code & 0x80 ? -kInfinity : kInfinity;
  return (code & 0x7f) > 0x7c ? kNan : plain_float(code, 5, 2, 15);
});
constexpr auto kE4m3fnuz =
    tabulate<256>([](unsigned code) { return code == 0x80 ? kNan : plain_float(code, 4, 3, 8); });
constexpr auto kE5m2fnuz =
    tabulate<256>([](unsigned code) { return code == 0x80 ? kNan : plain_float(code, 5, 2, 16); });
constexpr auto kE8m0 = tabulate<256>(
    [](unsigned code) { return code == 0xff ? kNan : power_of_two(static_cast<int>(code) - 127); });
constexpr auto kE2m3 = tabulate<64>([](unsigned code) { return plain_float(code, 2, 3, 1); });
constexpr auto kE3m2 = tabulate<64>([](unsigned code) { return plain_float(code, 3, 2, 3); });
constexpr auto kE2m1 = tabulate<16>([](unsigned code) { return plain_float(code, 2, 1, 1); });

/// Numbers of 4, 6 or 8 bits, looked up.
template <std::size_t kCodes>
void look_up(const std::array<float, kCodes>& table, Bytes bytes, std::size_t first,
             std::span<float> out) {
  constexpr std::size_t kWidth = std::bit_width(kCodes - 1);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t bit = (first + i) * kWidth;
    unsigned window = std::to_integer<unsigned>(bytes[bit / 8]);
    if (bit % 8 + kWidth > 8) window |= std::to_integer<unsigned>(bytes[bit / 8 + 1]) << 8;
    out[i] = table[(window >> bit % 8) & (kCodes - 1)];
  }
}

}  // namespace

void decode_bf16(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_half<Bfloat16>(bytes, first, out);
}
void decode_f16(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_half<Float16>(bytes, first, out);
}

void decode_boolean(Bytes bytes, std::size_t first, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = bytes[first + i] == std::byte{0} ? 0.0f : 1.0f;
}

void decode_f32(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_native<float>(bytes, first, out);
}
void decode_f64(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_native<double>(bytes, first, out);
}
void decode_i64(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_native<std::int64_t>(bytes, first, out);
}
void decode_u64(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_native<std::uint64_t>(bytes, first, out);
}
void decode_i32(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_native<std::int32_t>(bytes, first, out);
}
void decode_u32(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_native<std::uint32_t>(bytes, first, out);
}
void decode_i16(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_native<std::int16_t>(bytes, first, out);
}
void decode_u16(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_native<std::uint16_t>(bytes, first, out);
}
void decode_i8(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_native<std::int8_t>(bytes, first, out);
}
void decode_u8(Bytes bytes, std::size_t first, std::span<float> out) {
  decode_native<std::uint8_t>(bytes, first, out);
}

void decode_f8_e4m3(Bytes bytes, std::size_t first, std::span<float> out) {
  look_up(kE4m3, bytes, first, out);
}
void decode_f8_e5m2(Bytes bytes, std::size_t first, std::span<float> out) {
  look_up(kE5m2, bytes, first, out);
}
void decode_f8_e4m3fnuz(Bytes bytes, std::size_t first, std::span<float> out) {
  look_up(kE4m3fnuz, bytes, first, out);
}
void decode_f8_e5m2fnuz(Bytes bytes, std::size_t first, std::span<float> out) {
  look_up(kE5m2fnuz, bytes, first, out);
}
void decode_f8_e8m0(Bytes bytes, std::size_t first, std::span<float> out) {
  look_up(kE8m0, bytes, first, out);
}
void decode_f6_e2m3(Bytes bytes, std::size_t first, std::span<float> out) {
  look_up(kE2m3, bytes, first, out);
}
void decode_f6_e3m2(Bytes bytes, std::size_t first, std::span<float> out) {
  look_up(kE3m2, bytes, first, out);
}
void decode_f4(Bytes bytes, std::size_t first, std::span<float> out) {
  look_up(kE2m1, bytes, first, out);
}

}  // namespace prov::numeric
