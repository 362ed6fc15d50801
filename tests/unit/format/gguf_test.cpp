#include "format/gguf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/checkpoint_builder.hpp"
#include "support/gguf_builder.hpp"

namespace prov::format {
namespace {

Result<GgufFile> read(const std::vector<std::byte>& bytes) {
  return read_gguf(*source::from_memory("m.gguf", bytes));
}

tests::Gguf sample(bool big_endian = false) {
  tests::Gguf file(big_endian);
  file.text("general.architecture", "llama")
      .u16("split.count", 1)
      .u32("llama.block_count", 7)
      .real("llama.rope.freq_base", 10000)
      .texts("tokenizer.ggml.tokens", {"a", "", "\xff"})
      .whole_numbers("tokenizer.ggml.token_type", {1, -2, 3})
      .reals("tokenizer.ggml.scores", {-1.5F, 0, 2})
      .f32("output_norm.weight", {3}, {1, 2, 3})
      .raw("blk.0.attn_q.weight", 2, {2, 64}, std::vector<std::byte>(72));
  return file;
}

TEST(Gguf, ReadsDirectoryAndMetadataInBothByteOrders) {
  for (const bool big_endian : {false, true}) {
    const auto file = read(sample(big_endian).bytes());
    ASSERT_TRUE(file) << file.error().to_string();
    EXPECT_EQ(file->writing.version, 3u);
    EXPECT_EQ(file->writing.big_endian, big_endian);
    EXPECT_THAT(file->warnings, testing::IsEmpty());
    const GgufMetadata& metadata = file->metadata;
    ASSERT_NE(metadata.text("general.architecture"), nullptr);
    EXPECT_EQ(*metadata.text("general.architecture"), "llama");
    EXPECT_EQ(metadata.integer("llama.block_count"), 7);
    EXPECT_EQ(metadata.number("llama.rope.freq_base"), 10000.0);
    EXPECT_EQ(metadata.integer("llama.rope.freq_base"), std::nullopt);
    EXPECT_EQ(metadata.integer("absent"), std::nullopt);
    EXPECT_THAT(metadata.array("tokenizer.ggml.tokens")->texts,
                testing::ElementsAre("a", "", "\xff"));
    EXPECT_EQ(metadata.array("tokenizer.ggml.token_type")->integer(1), -2);
    EXPECT_EQ(metadata.array("tokenizer.ggml.scores")->number(0), -1.5);
    ASSERT_EQ(file->directory.tensors.size(), 2u);
    const TensorInfo& norm = file->directory.tensors[0];
    const TensorInfo& query = file->directory.tensors[1];
    EXPECT_EQ(norm.name, "output_norm.weight");
    EXPECT_EQ(norm.bytes, 12u);
    EXPECT_EQ(norm.offset % 32, 0u);
    EXPECT_EQ(query.dtype, Dtype::q4_0);
    EXPECT_THAT(query.shape, testing::ElementsAre(2, 64));
    EXPECT_EQ(query.bytes, 72u);
    EXPECT_EQ(query.offset, norm.offset + 32);
  }
}

TEST(Gguf, EveryCutIsAnErrorWithAPlace) {
  const std::vector<std::byte> whole = sample().bytes();
  const std::size_t needed = whole.size() - 24;  // the padding at the end may be missing
  for (std::size_t size = 0; size < needed; ++size) {
    const auto file = read({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    ASSERT_FALSE(file) << size;
    EXPECT_LE(file.error().offset.value_or(0), size);
  }
  EXPECT_TRUE(read({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(needed)}));
}

TEST(Gguf, SaysWhatIsOddAndHarmless) {
  std::vector<std::byte> bytes = sample().bytes();
  bytes.resize(bytes.size() + 100);
  const auto file = read(bytes);
  ASSERT_TRUE(file);
  EXPECT_THAT(file->warnings, testing::ElementsAre(testing::HasSubstr("belong to no tensor")));
}

TEST(Gguf, VersionOneCountsWithFourBytes) {
  // One key "a" = u8 7, one tensor "t" of 2 F32.
  std::string text(
      "GGUF\1\0\0\0"
      "\1\0\0\0"
      "\1\0\0\0"
      "\1\0\0\0a"
      "\0\0\0\0"
      "\7",
      26);
  text += std::string(
      "\1\0\0\0t"
      "\1\0\0\0"
      "\2\0\0\0"
      "\0\0\0\0"
      "\0\0\0\0\0\0\0\0",
      25);
  text.resize(64);
  text += "12345678";
  const auto file = read(tests::bytes_of(text));
  ASSERT_TRUE(file) << file.error().to_string();
  EXPECT_EQ(file->metadata.integer("a"), 7);
  ASSERT_EQ(file->directory.tensors.size(), 1u);
  EXPECT_EQ(file->directory.tensors[0].offset, 64u);
  EXPECT_EQ(file->directory.tensors[0].bytes, 8u);
}

TEST(Gguf, AFileWithoutTensorsEndsAfterItsKeys) {
  const auto file = read(tests::Gguf().text("general.architecture", "llama").bytes());
  ASSERT_TRUE(file);
  EXPECT_THAT(file->directory.tensors, testing::IsEmpty());
  EXPECT_THAT(file->warnings, testing::IsEmpty());
}

}  // namespace
}  // namespace prov::format
