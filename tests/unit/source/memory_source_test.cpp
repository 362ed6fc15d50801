#include <gtest/gtest.h>

#include "source/byte_source.hpp"
#include "support/checkpoint_builder.hpp"

namespace prov::source {
namespace {

TEST(MemorySource, GivesItsBytesAndNothingBeyond) {
  const auto source = from_memory("memory", tests::bytes_of("abcdef"));
  EXPECT_EQ(source->name(), "memory");
  EXPECT_EQ(source->size(), 6u);
  std::vector<std::byte> two(2);
  ASSERT_TRUE(source->read(4, two));
  EXPECT_EQ(two, tests::bytes_of("ef"));
  EXPECT_TRUE(source->read(6, {}));
  for (std::uint64_t offset : {std::uint64_t{5}, std::uint64_t{7}, ~std::uint64_t{0}}) {
    auto refused = source->read(offset, two);
    ASSERT_FALSE(refused) << offset;
    EXPECT_EQ(refused.error().code, ErrorCode::out_of_range);
    EXPECT_EQ(refused.error().offset, offset);
  }
}

TEST(MemorySource, IsReadAsTextUpToALimit) {
  const auto source = from_memory("memory", tests::bytes_of("abcdef"));
  EXPECT_EQ(*read_all(*source, 6), "abcdef");
  auto refused = read_all(*source, 5);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace prov::source
