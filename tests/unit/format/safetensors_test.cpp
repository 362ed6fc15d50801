// What is accepted, and the refusals of the format's own test-suite; every other refusal is a file
// in tests/bad.
#include "format/safetensors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/checkpoint_builder.hpp"

namespace prov::format {
namespace {

using tests::raw_safetensors;
using tests::Safetensors;

/// Reads from a heap block of exactly the file's size, so that a sanitizer sees one byte too many.
Result<TensorDirectory> read(const std::vector<std::byte>& bytes) {
  return read_safetensors(
      *source::from_memory("file", std::vector<std::byte>(bytes.begin(), bytes.end())));
}

ErrorCode code_of(const Result<TensorDirectory>& result) {
  return result ? ErrorCode::cancelled : result.error().code;
}

TEST(Safetensors, ReadsNamesTypesShapesPlacesAndMetadata) {
  Safetensors model;
  model.metadata("format", "pt").bf16("b", {2, 1}, {1, 2}).f32("a", {}, {3});
  const auto bytes = model.bytes();
  const auto directory = read(bytes);
  ASSERT_TRUE(directory) << directory.error().to_string();
  ASSERT_EQ(directory->tensors.size(), 2u);
  const TensorInfo& first = directory->tensors[0];
  EXPECT_EQ(first.name, "b");
  EXPECT_EQ(first.dtype, Dtype::bf16);
  EXPECT_THAT(first.shape, testing::ElementsAre(2, 1));
  EXPECT_EQ(first.offset, bytes.size() - 8);
  EXPECT_EQ(first.bytes, 4u);
  const TensorInfo& second = directory->tensors[1];
  EXPECT_EQ(second.name, "a");
  EXPECT_THAT(second.shape, testing::IsEmpty());
  EXPECT_EQ(second.offset, bytes.size() - 4);
  EXPECT_THAT(directory->metadata, testing::ElementsAre(testing::Pair("format", "pt")));
}

TEST(Safetensors, AcceptsTheValidVectorsOfTheFormat) {
  const std::string zeros(16, '\0');
  const auto i32 = [](std::string_view rest) {
    return R"({"test":{"dtype":"I32",)" + std::string(rest) + "}}";
  };
  EXPECT_TRUE(read(raw_safetensors(i32(R"("shape":[],"data_offsets":[0,4])"), zeros.substr(0, 4))));
  EXPECT_TRUE(read(raw_safetensors(i32(R"("shape":[2,2],"data_offsets":[0,16])"), zeros)));
  EXPECT_TRUE(read(raw_safetensors(i32(R"("shape":[2,0],"data_offsets":[0, 0])"))));
  EXPECT_TRUE(read(raw_safetensors("{}\x0d\x20\x09\x0a")));
  EXPECT_TRUE(read(raw_safetensors("\x09\x0a{}\x0d\x20")));
}

TEST(Safetensors, RefusesTheInvalidVectorsOfTheFormat) {
  const std::string header = R"({"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}})";
  const std::string zeros(16, '\0');
  EXPECT_EQ(code_of(read(raw_safetensors(header, zeros + "extra_bogus_data_for_polyglot_file"))),
            ErrorCode::trailing_bytes);
  EXPECT_EQ(code_of(read(raw_safetensors(header, zeros.substr(2)))), ErrorCode::truncated);
  EXPECT_EQ(code_of(read(tests::bytes_of(std::string_view("\x3c\0\0\0\0\xff\xff\xff", 8)))),
            ErrorCode::too_large);
  EXPECT_EQ(code_of(read({})), ErrorCode::truncated);
  EXPECT_EQ(code_of(read(tests::bytes_of(std::string_view("\x3c\0\0\0\0\0\0\0", 8)))),
            ErrorCode::truncated);
  EXPECT_EQ(code_of(read(raw_safetensors("\xff"))), ErrorCode::malformed);
  EXPECT_EQ(code_of(read(raw_safetensors("{"))), ErrorCode::malformed);
  EXPECT_EQ(
      code_of(read(raw_safetensors(
          R"({"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0, 4]}})", zeros.substr(0, 4)))),
      ErrorCode::size_mismatch);
  for (std::string_view dimension : {"18446744073709551614", "9223372036854775807"}) {
    const std::string overflow = R"({"test":{"dtype":"I32","shape":[2,)" + std::string(dimension) +
                                 R"(],"data_offsets":[0,16]}})";
    EXPECT_EQ(code_of(read(raw_safetensors(overflow, zeros))), ErrorCode::out_of_range);
  }
}

TEST(Safetensors, AcceptsUnusualButValidHeaders) {
  for (
      std::string_view header : {
          R"({"__metadata__":null})",
          R"({"__metadata__":{}})",
          R"({"":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
          R"({"a":{"dtype":"U8","future":{"x":[1,2]},"shape":[0],"data_offsets":[0,0]}})",
          R"({"a":{"data_offsets":[0,0],"shape":[0,18446744073709551615,2],"dtype":"F64"}})",
          R"({"a":{"dtype":"F4","shape":[2,0],"data_offsets":[0,0]},"b":{"dtype":"F4","shape":[0],"data_offsets":[0,0]}})",
      }) {
    const auto directory = read(raw_safetensors(header));
    EXPECT_TRUE(directory) << header << "\n" << directory.error().to_string();
  }
}

TEST(Safetensors, ReadsSubByteTypes) {
  Safetensors model;
  model.raw("f4", Dtype::f4, {3, 2}, tests::bytes_of("abc"))
      .raw("f6", Dtype::f6_e2m3, {4}, tests::bytes_of("abc"));
  EXPECT_TRUE(read(model.bytes()));
  EXPECT_EQ(code_of(read(
                raw_safetensors(R"({"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}})", "ab"))),
            ErrorCode::size_mismatch);
}

TEST(Safetensors, OrderInTheHeaderDoesNotMatter) {
  const auto one = read(raw_safetensors(
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
      "xy"));
  const auto other = read(raw_safetensors(
      R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
      "xy"));
  ASSERT_TRUE(one && other);
  for (const auto& directory : {*one, *other}) {
    EXPECT_EQ(directory.tensors[0].name, "a");
    EXPECT_EQ(directory.tensors[1].name, "b");
  }
}

TEST(Safetensors, ErrorsSayWhere) {
  const std::string header = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                             R"("b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})";
  const auto refused = read(raw_safetensors(header, "xyz"));
  ASSERT_EQ(code_of(refused), ErrorCode::hole);
  EXPECT_EQ(refused.error().file, "file");
  EXPECT_EQ(refused.error().field, "b");
  EXPECT_EQ(refused.error().offset, 8 + header.find("\"b\""));
  EXPECT_EQ(refused.error().to_string(),
            "file: the 1 data bytes before it belong to no tensor (field b, byte 61)");
}

TEST(Safetensors, EveryPrefixOfAValidFileIsRefused) {
  Safetensors model;
  model.metadata("format", "pt").bf16("a", {2, 3}, {1, 2, 3, 4, 5, 6}).f32("b", {2}, {1, 2});
  const auto bytes = model.bytes();
  ASSERT_TRUE(read(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto prefix = read(
        std::vector<std::byte>(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
    ASSERT_EQ(code_of(prefix), ErrorCode::truncated) << size;
    EXPECT_EQ(prefix.error().hint, "incomplete download?") << size;
  }
}

TEST(Safetensors, EveryChangedByteOfTheHeaderGivesAnAnswer) {
  Safetensors model;
  model.bf16("a", {2, 3}, {1, 2, 3, 4, 5, 6}).f32("b", {2}, {1, 2});
  const auto bytes = model.bytes();
  std::size_t refused = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto changed = bytes;
      changed[at] ^= static_cast<std::byte>(1u << bit);
      const auto directory = read(changed);
      refused += !directory;
      if (!directory) continue;
      for (const TensorInfo& tensor : directory->tensors) {
        EXPECT_LE(tensor.offset + tensor.bytes, bytes.size());
      }
    }
  }
  EXPECT_GT(refused, bytes.size());
}

TEST(Safetensors, BoundsTheNumberOfTensors) {
  constexpr std::size_t kLimit = std::size_t{1} << 20;
  std::string header = "{";
  for (std::size_t i = 0; i <= kLimit; ++i) {
    header += (i ? ",\"" : "\"") + std::to_string(i) +
              R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  }
  const auto refused = read(raw_safetensors(header + "}"));
  ASSERT_EQ(code_of(refused), ErrorCode::too_large);
  EXPECT_EQ(refused.error().offset, 8 + header.rfind("\"" + std::to_string(kLimit) + "\""));
}

TEST(Safetensors, OpensTheModelsOfTheRepository) {
  const auto file = source::open_local_file(PROV_REPOSITORY "/tests/zoo/gpt2-a/model.safetensors");
  ASSERT_TRUE(file);
  const auto directory = read_safetensors(**file);
  ASSERT_TRUE(directory) << directory.error().to_string();
  std::uint64_t end = directory->tensors.front().offset;
  for (const TensorInfo& tensor : directory->tensors) {
    EXPECT_EQ(tensor.offset, end);
    end += tensor.bytes;
  }
  EXPECT_EQ(end, (*file)->size());
}

}  // namespace
}  // namespace prov::format
