#include "format/dtype.hpp"

#include <algorithm>

namespace prov::format {
namespace {

struct Row {
  Dtype dtype;
  std::string_view name;
  unsigned bits;
};

// In the order of the enum, which dtype_name and bits_per_element rely on.
constexpr Row kTable[] = {
    {Dtype::boolean, "BOOL", 8},
    {Dtype::f4, "F4", 4},
    {Dtype::f6_e2m3, "F6_E2M3", 6},
    {Dtype::f6_e3m2, "F6_E3M2", 6},
    {Dtype::u8, "U8", 8},
    {Dtype::i8, "I8", 8},
    {Dtype::f8_e5m2, "F8_E5M2", 8},
    {Dtype::f8_e4m3, "F8_E4M3", 8},
    {Dtype::f8_e8m0, "F8_E8M0", 8},
    {Dtype::f8_e4m3fnuz, "F8_E4M3FNUZ", 8},
    {Dtype::f8_e5m2fnuz, "F8_E5M2FNUZ", 8},
    {Dtype::i16, "I16", 16},
    {Dtype::u16, "U16", 16},
    {Dtype::f16, "F16", 16},
    {Dtype::bf16, "BF16", 16},
    {Dtype::i32, "I32", 32},
    {Dtype::u32, "U32", 32},
    {Dtype::f32, "F32", 32},
    {Dtype::c64, "C64", 64},
    {Dtype::f64, "F64", 64},
    {Dtype::i64, "I64", 64},
    {Dtype::u64, "U64", 64},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < std::size(kTable); ++i) {
    if (static_cast<std::size_t>(kTable[i].dtype) != i) return false;
  }
  return static_cast<std::size_t>(Dtype::u64) + 1 == std::size(kTable);
}
static_assert(is_in_order());

}  // namespace

unsigned bits_per_element(Dtype dtype) { return kTable[static_cast<std::size_t>(dtype)].bits; }

std::string_view dtype_name(Dtype dtype) { return kTable[static_cast<std::size_t>(dtype)].name; }

std::optional<Dtype> dtype_from_name(std::string_view name) {
  const auto row = std::ranges::find(kTable, name, &Row::name);
  if (row == std::end(kTable)) return std::nullopt;
  return row->dtype;
}

}  // namespace prov::format
