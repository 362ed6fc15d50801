#include "model/row_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/checkpoint_builder.hpp"

namespace prov::model {
namespace {

using format::Dtype;
using tests::Safetensors;
using tests::TempFolder;

Checkpoint opened(const TempFolder& folder) {
  auto checkpoint = open_checkpoint(*source::locate(folder.string()));
  EXPECT_TRUE(checkpoint) << checkpoint.error().to_string();
  return *std::move(checkpoint);
}

std::vector<std::byte> counting_bytes(std::size_t count) {
  std::vector<std::byte> bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(i * 37 + 11);
  return bytes;
}

TEST(RowReader, ReadsRowsOfEveryFloatTypeAsTheSameNumbers) {
  TempFolder folder;
  const std::vector<float> values = {1, -2, 0.5f, 1024, -0.25f, 3};
  Safetensors model;
  model.f32("f32", {3, 2}, values).bf16("bf16", {3, 2}, values).f16("f16", {3, 2}, values);
  folder.write("model.safetensors", model.bytes());
  const Checkpoint checkpoint = opened(folder);
  for (std::string_view name : {"f32", "bf16", "f16"}) {
    RowReader reader(checkpoint, *checkpoint.find(name));
    std::vector<float> rows(4);
    ASSERT_TRUE(reader.read_rows(1, 2, rows));
    EXPECT_THAT(rows, testing::ElementsAre(0.5f, 1024, -0.25f, 3)) << name;
    std::vector<float> elements(3);
    ASSERT_TRUE(reader.read_elements(1, elements));
    EXPECT_THAT(elements, testing::ElementsAre(-2, 0.5f, 1024)) << name;
  }
}

TEST(RowReader, ReadsAnyPartOfNarrowTypesAsThePartOfTheWhole) {
  for (Dtype dtype : {Dtype::f4, Dtype::f6_e2m3, Dtype::f6_e3m2, Dtype::i8, Dtype::i64}) {
    TempFolder folder;
    constexpr std::size_t kCount = 24;
    Safetensors model;
    model.raw("x", dtype, {kCount}, counting_bytes(*format::stored_bytes(dtype, kCount)));
    folder.write("model.safetensors", model.bytes());
    const Checkpoint checkpoint = opened(folder);
    RowReader reader(checkpoint, *checkpoint.find("x"));
    std::vector<float> whole(kCount);
    ASSERT_TRUE(reader.read_elements(0, whole));
    for (std::size_t begin = 0; begin <= kCount; ++begin) {
      for (std::size_t count = 0; count <= kCount - begin; ++count) {
        std::vector<float> part(count);
        ASSERT_TRUE(reader.read_elements(begin, part));
        EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + static_cast<long>(begin)))
            << format::dtype_name(dtype) << " " << begin << " + " << count;
      }
    }
  }
}

TEST(RowReader, ReadsLongTensorsChunkByChunk) {
  TempFolder folder;
  constexpr std::size_t kCount = 150'001;
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < kCount; ++i) {
    const auto value = static_cast<std::uint16_t>(i % 50'000);
    bytes.push_back(static_cast<std::byte>(value));
    bytes.push_back(static_cast<std::byte>(value >> 8));
  }
  Safetensors model;
  model.raw("x", Dtype::u16, {kCount}, bytes);
  folder.write("model.safetensors", model.bytes());
  const Checkpoint checkpoint = opened(folder);
  RowReader reader(checkpoint, *checkpoint.find("x"));
  std::vector<float> values(kCount - 3);
  ASSERT_TRUE(reader.read_elements(3, values));
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(values[i], static_cast<float>((i + 3) % 50'000)) << i;
  }
}

TEST(RowReader, RefusesWhatLiesBeyondTheTensor) {
  TempFolder folder;
  Safetensors model;
  model.f32("x", {3, 2}, {1, 2, 3, 4, 5, 6}).f32("scalar", {}, {7});
  folder.write("model.safetensors", model.bytes());
  const Checkpoint checkpoint = opened(folder);
  RowReader reader(checkpoint, *checkpoint.find("x"));
  std::vector<float> two(2), three(3);
  EXPECT_FALSE(reader.read_rows(3, 1, two));
  EXPECT_FALSE(reader.read_rows(0, 1, three));
  EXPECT_FALSE(reader.read_rows(~std::uint64_t{0}, 1, two));
  EXPECT_FALSE(reader.read_rows(0, std::uint64_t{1} << 63, std::span<float>()));
  EXPECT_FALSE(reader.read_elements(5, two));
  const auto refused = reader.read_elements(~std::uint64_t{0}, two);
  ASSERT_FALSE(refused);
  EXPECT_EQ(Result<void>(refused).error().field, "x");

  RowReader scalar(checkpoint, *checkpoint.find("scalar"));
  std::vector<float> one(1);
  ASSERT_TRUE(scalar.read_rows(0, 1, one));
  EXPECT_EQ(one[0], 7);
}

TEST(RowReader, DoesNotReadComplexNumbers) {
  TempFolder folder;
  Safetensors model;
  model.raw("x", Dtype::c64, {1}, counting_bytes(8));
  folder.write("model.safetensors", model.bytes());
  const Checkpoint checkpoint = opened(folder);
  std::vector<float> one(1);
  auto refused = RowReader(checkpoint, *checkpoint.find("x")).read_elements(0, one);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
}

TEST(RowReader, SaysThatTheFileWasCutShort) {
  TempFolder folder;
  Safetensors model;
  model.bf16("x", {4}, {1, 2, 3, 4});
  const auto file = folder.write("model.safetensors", model.bytes());
  const Checkpoint checkpoint = opened(folder);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 2);
  std::vector<float> values(4);
  auto refused = RowReader(checkpoint, *checkpoint.find("x")).read_elements(0, values);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::changed_while_read);
  auto verified = checkpoint.verify_unchanged();
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, ErrorCode::changed_while_read);
}

}  // namespace
}  // namespace prov::model
