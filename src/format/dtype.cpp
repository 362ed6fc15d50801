#include "format/dtype.hpp"

#include <algorithm>

#include "base/checked_math.hpp"

namespace prov::format {
namespace {

struct Row {
  Dtype dtype;
  std::string_view name;
  StorageUnit unit;
};

// In the order of the enum, which dtype_name and storage_unit rely on.
constexpr Row kTable[] = {
    {Dtype::boolean, "BOOL", {1, 1}},
    {Dtype::f4, "F4", {2, 1}},
    {Dtype::f6_e2m3, "F6_E2M3", {4, 3}},
    {Dtype::f6_e3m2, "F6_E3M2", {4, 3}},
    {Dtype::u8, "U8", {1, 1}},
    {Dtype::i8, "I8", {1, 1}},
    {Dtype::f8_e5m2, "F8_E5M2", {1, 1}},
    {Dtype::f8_e4m3, "F8_E4M3", {1, 1}},
    {Dtype::f8_e8m0, "F8_E8M0", {1, 1}},
    {Dtype::f8_e4m3fnuz, "F8_E4M3FNUZ", {1, 1}},
    {Dtype::f8_e5m2fnuz, "F8_E5M2FNUZ", {1, 1}},
    {Dtype::i16, "I16", {1, 2}},
    {Dtype::u16, "U16", {1, 2}},
    {Dtype::f16, "F16", {1, 2}},
    {Dtype::bf16, "BF16", {1, 2}},
    {Dtype::i32, "I32", {1, 4}},
    {Dtype::u32, "U32", {1, 4}},
    {Dtype::f32, "F32", {1, 4}},
    {Dtype::c64, "C64", {1, 8}},
    {Dtype::f64, "F64", {1, 8}},
    {Dtype::i64, "I64", {1, 8}},
    {Dtype::u64, "U64", {1, 8}},
    {Dtype::q4_0, "Q4_0", {32, 18}},
    {Dtype::q4_1, "Q4_1", {32, 20}},
    {Dtype::q5_0, "Q5_0", {32, 22}},
    {Dtype::q5_1, "Q5_1", {32, 24}},
    {Dtype::q8_0, "Q8_0", {32, 34}},
    {Dtype::q8_1, "Q8_1", {32, 36}},
    {Dtype::q2_k, "Q2_K", {256, 84}},
    {Dtype::q3_k, "Q3_K", {256, 110}},
    {Dtype::q4_k, "Q4_K", {256, 144}},
    {Dtype::q5_k, "Q5_K", {256, 176}},
    {Dtype::q6_k, "Q6_K", {256, 210}},
    {Dtype::q8_k, "Q8_K", {256, 292}},
    {Dtype::iq1_s, "IQ1_S", {256, 50}},
    {Dtype::iq1_m, "IQ1_M", {256, 56}},
    {Dtype::iq2_xxs, "IQ2_XXS", {256, 66}},
    {Dtype::iq2_xs, "IQ2_XS", {256, 74}},
    {Dtype::iq2_s, "IQ2_S", {256, 82}},
    {Dtype::iq3_xxs, "IQ3_XXS", {256, 98}},
    {Dtype::iq3_s, "IQ3_S", {256, 110}},
    {Dtype::iq4_nl, "IQ4_NL", {32, 18}},
    {Dtype::iq4_xs, "IQ4_XS", {256, 136}},
    {Dtype::tq1_0, "TQ1_0", {256, 54}},
    {Dtype::tq2_0, "TQ2_0", {256, 66}},
    {Dtype::mxfp4, "MXFP4", {32, 17}},
    {Dtype::nvfp4, "NVFP4", {64, 36}},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < std::size(kTable); ++i) {
    if (static_cast<std::size_t>(kTable[i].dtype) != i) return false;
  }
  return static_cast<std::size_t>(Dtype::nvfp4) + 1 == std::size(kTable);
}
static_assert(is_in_order());

}  // namespace

StorageUnit storage_unit(Dtype dtype) { return kTable[static_cast<std::size_t>(dtype)].unit; }

std::optional<std::uint64_t> stored_bytes(Dtype dtype, std::uint64_t elements) {
  const StorageUnit unit = storage_unit(dtype);
  if (elements % unit.elements != 0) return std::nullopt;
  return base::checked_multiply(elements / unit.elements, unit.bytes);
}

bool is_block_quantised(Dtype dtype) { return dtype >= Dtype::q4_0; }

std::string_view dtype_name(Dtype dtype) { return kTable[static_cast<std::size_t>(dtype)].name; }

std::optional<Dtype> dtype_from_name(std::string_view name) {
  const auto row = std::ranges::find(kTable, name, &Row::name);
  if (row == std::end(kTable) || is_block_quantised(row->dtype)) return std::nullopt;
  return row->dtype;
}

}  // namespace prov::format
