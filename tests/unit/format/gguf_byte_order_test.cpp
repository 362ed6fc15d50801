#include "format/gguf_byte_order.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace prov::format {
namespace {

std::vector<std::byte> counting(std::size_t count) {
  std::vector<std::byte> bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(i);
  return bytes;
}

/// Two numbers of four bytes, a block of Q4_K, two of Q8_0, and bytes of no tensor around them.
const std::vector<TensorInfo> kTensors{
    {.name = "a", .dtype = Dtype::f32, .shape = {2}, .offset = 5, .bytes = 8},
    {.name = "none", .dtype = Dtype::f32, .shape = {0}, .offset = 13, .bytes = 0},
    {.name = "b", .dtype = Dtype::q4_k, .shape = {256}, .offset = 13, .bytes = 144},
    {.name = "c", .dtype = Dtype::q8_0, .shape = {64}, .offset = 160, .bytes = 68}};
constexpr std::size_t kSize = 240;

TEST(GgufByteOrder, TurnsTheFieldsOfTensorsAndNothingElse) {
  const auto view = little_endian_view(source::from_memory("m", counting(kSize)), kTensors);
  std::vector<std::byte> bytes(kSize);
  ASSERT_TRUE(view->read(0, bytes));
  std::vector<std::byte> expected = counting(kSize);
  for (const auto& [first, width] : {std::pair{5, 4}, {9, 4}, {13, 2}, {15, 2}, {160, 2}, {194, 2}})
    std::reverse(expected.begin() + first, expected.begin() + first + width);
  EXPECT_EQ(bytes, expected);
}

TEST(GgufByteOrder, AnyPartIsThePartOfTheWhole) {
  const auto view = little_endian_view(source::from_memory("m", counting(kSize)), kTensors);
  std::vector<std::byte> whole(kSize);
  ASSERT_TRUE(view->read(0, whole));
  for (std::size_t begin = 0; begin <= kSize; ++begin) {
    for (std::size_t count = 0; count <= kSize - begin; ++count) {
      std::vector<std::byte> part(count);
      ASSERT_TRUE(view->read(begin, part));
      ASSERT_TRUE(
          std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(begin)))
          << begin << " + " << count;
    }
  }
  EXPECT_FALSE(view->read(kSize, std::span(whole).first(1)));
}

TEST(GgufByteOrder, BlocksThatNothingDescribesHaveNoLayout) {
  EXPECT_TRUE(has_big_endian_layout(Dtype::mxfp4));
  EXPECT_FALSE(has_big_endian_layout(Dtype::q5_0));
  EXPECT_FALSE(has_big_endian_layout(Dtype::iq4_xs));
}

}  // namespace
}  // namespace prov::format
