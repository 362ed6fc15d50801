#include "format/dtype.hpp"

#include <gtest/gtest.h>

namespace prov::format {
namespace {

TEST(Dtype, NamesAndWidthsAreThoseOfTheFormat) {
  // Name and bits of every dtype of the safetensors crate, in its order.
  const std::pair<std::string_view, unsigned> expected[] = {
      {"BOOL", 8},        {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},
      {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
      {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
      {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},
      {"I64", 64},        {"U64", 64},
  };
  int code = 0;
  for (const auto& [name, bits] : expected) {
    const auto dtype = dtype_from_name(name);
    ASSERT_TRUE(dtype) << name;
    EXPECT_EQ(static_cast<int>(*dtype), code++) << name;
    EXPECT_EQ(dtype_name(*dtype), name);
    const StorageUnit unit = storage_unit(*dtype);
    EXPECT_EQ(unit.bytes * 8, bits * unit.elements) << name;
    EXPECT_EQ(stored_bytes(*dtype, 8 * unit.elements), bits * unit.elements) << name;
  }
}

TEST(Dtype, UnknownNamesAreNotGuessed) {
  for (std::string_view name : {"", "f32", "F32 ", "FLOAT32", "Q4_0", "F8"})
    EXPECT_FALSE(dtype_from_name(name)) << name;
}

}  // namespace
}  // namespace prov::format
