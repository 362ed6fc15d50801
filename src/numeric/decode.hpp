// Exact decoding of stored numbers to f32, one by one: the specification that faster kernels must
// reproduce.
#pragma once

#include <cstddef>
#include <span>

namespace prov::numeric {

/// Decodes out.size() numbers from `bytes`, beginning with number `first` of them. Number i
/// occupies the bits [i * width, (i + 1) * width) of the little-endian bit string, so that the
/// lower half of a byte comes first for F4. `bytes` must hold first + out.size() numbers. Needs no
/// alignment. Pure, thread-safe.
using Decoder = void(std::span<const std::byte> bytes, std::size_t first, std::span<float> out);

// Exact. Sign and payload of a NaN are kept.
Decoder decode_bf16, decode_f16, decode_f32;

// OCP 8-bit formats and their "fnuz" variants (Graphcore, AMD): bias one higher, no infinity, 0x80
// is the only NaN.
Decoder decode_f8_e4m3, decode_f8_e5m2, decode_f8_e4m3fnuz, decode_f8_e5m2fnuz;
// OCP microscaling: E8M0 is a scale 2^(x - 127) with 0xff as NaN; the narrow ones have neither
// infinity nor NaN.
Decoder decode_f8_e8m0, decode_f6_e2m3, decode_f6_e3m2, decode_f4;

// Rounded to nearest, ties to even, where f32 has too few bits; f64 beyond its range becomes
// infinite.
Decoder decode_f64, decode_i64, decode_u64, decode_i32, decode_u32;
// Exact; any byte but 0 is true.
Decoder decode_i16, decode_u16, decode_i8, decode_u8, decode_boolean;

}  // namespace prov::numeric
