#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace prov::format {

/// What is stored on disk. Closed: an unknown name is an error, never a guess.
enum class Dtype {
  boolean,
  f4,
  f6_e2m3,
  f6_e3m2,
  u8,
  i8,
  f8_e5m2,
  f8_e4m3,
  f8_e8m0,
  f8_e4m3fnuz,
  f8_e5m2fnuz,
  i16,
  u16,
  f16,
  bf16,
  i32,
  u32,
  f32,
  c64,
  f64,
  i64,
  u64,
  // ggml: blocks of numbers that share scales (docs/formats/gguf.md)
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q8_0,
  q8_1,
  q2_k,
  q3_k,
  q4_k,
  q5_k,
  q6_k,
  q8_k,
  iq1_s,
  iq1_m,
  iq2_xxs,
  iq2_xs,
  iq2_s,
  iq3_xxs,
  iq3_s,
  iq4_nl,
  iq4_xs,
  tq1_0,
  tq2_0,
  mxfp4,
  nvfp4,
};

/// The least number of elements that fill whole bytes, and those bytes: {1, 4} for F32, {2, 1} for
/// F4, {256, 144} for Q4_K.
struct StorageUnit {
  unsigned elements = 1;
  unsigned bytes = 1;
};
StorageUnit storage_unit(Dtype dtype);
/// Bytes of `elements` elements; nullopt where they fill no whole units or 64 bits cannot count
/// them.
std::optional<std::uint64_t> stored_bytes(Dtype dtype, std::uint64_t elements);
/// True where elements share a scale: a row then holds whole blocks.
bool is_block_quantised(Dtype dtype);
/// Name in a safetensors header, e.g. "BF16", or in ggml, e.g. "Q4_K".
std::string_view dtype_name(Dtype dtype);
/// Inverse of dtype_name for the types that a safetensors header may name.
std::optional<Dtype> dtype_from_name(std::string_view name);

}  // namespace prov::format
