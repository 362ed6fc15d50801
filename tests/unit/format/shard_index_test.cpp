// What is accepted; every refusal is a file in tests/bad.
#include "format/shard_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/checkpoint_builder.hpp"

namespace prov::format {
namespace {

TEST(ShardIndex, ListsTensorsAndShards) {
  const auto index = read_shard_index(*source::from_memory("index", tests::bytes_of(R"({
    "metadata": {"total_size": 123.0, "more": [1, null]},
    "weight_map": {"b": "two.safetensors", "a": "one.safetensors", "c": "two.safetensors"},
    "other": {}
  })")));
  ASSERT_TRUE(index) << index.error().to_string();
  EXPECT_THAT(index->shard_of, testing::ElementsAre(testing::Pair("a", "one.safetensors"),
                                                    testing::Pair("b", "two.safetensors"),
                                                    testing::Pair("c", "two.safetensors")));
  EXPECT_THAT(index->shards, testing::ElementsAre("one.safetensors", "two.safetensors"));
}

TEST(ShardIndex, EveryPrefixIsRefused) {
  const std::string text = R"({"weight_map":{"a":"one.safetensors","b":"two.safetensors"}})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(
        read_shard_index(*source::from_memory("index", tests::bytes_of(text.substr(0, size)))))
        << size;
  }
}

TEST(ShardIndex, ErrorsSayWhere) {
  const auto refused = read_shard_index(
      *source::from_memory("index", tests::bytes_of(R"({"weight_map":{"a":"../x"}})")));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().to_string(),
            "index: the shard name \"../x\" is not a plain file name (field a, byte 15)");
}

}  // namespace
}  // namespace prov::format
