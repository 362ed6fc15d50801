#include "model/row_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/checkpoint_builder.hpp"
#include "support/pytorch_builder.hpp"

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

/// Element (i, j, ...) of a view, straight from its strides.
std::vector<float> gathered(const std::vector<float>& stored,
                            const std::vector<std::uint64_t>& shape,
                            const std::vector<std::uint64_t>& strides, std::uint64_t offset) {
  std::vector<float> values;
  const std::uint64_t elements = shape[0] * shape[1] * shape[2];
  for (std::uint64_t i = 0; i < elements; ++i) {
    const std::uint64_t a = i / (shape[1] * shape[2]), b = i / shape[2] % shape[1],
                        c = i % shape[2];
    values.push_back(stored[offset + a * strides[0] + b * strides[1] + c * strides[2]]);
  }
  return values;
}

TEST(RowReader, ReadsViewsThroughTheirStrides) {
  std::vector<float> stored(70'000);
  for (std::size_t i = 0; i < stored.size(); ++i) stored[i] = static_cast<float>(i);
  struct View {
    std::vector<std::uint64_t> shape, strides;
    std::uint64_t offset;
  };
  const std::vector<View> views = {{{700, 10, 10}, {1, 700, 7000}, 0},  // all turned round
                                   {{10, 5, 1400}, {1400, 14000, 1}, 0},
                                   {{7, 100, 9}, {10'000, 100, 10}, 3},
                                   {{2, 3, 4}, {0, 0, 17'000}, 5},
                                   {{1, 1, 70'000}, {0, 0, 0}, 69'999}};
  tests::Pytorch content;
  content.f32("whole", {70'000}, stored);
  for (std::size_t i = 0; i < views.size(); ++i)
    content.view(std::to_string(i), "whole", views[i].shape, views[i].strides, views[i].offset);
  TempFolder folder;
  folder.write("model.pt", content.zip());
  const Checkpoint checkpoint = opened(folder);
  for (std::size_t i = 0; i < views.size(); ++i) {
    const Tensor& tensor = *checkpoint.find(std::to_string(i));
    EXPECT_FALSE(tensor.info.strides.empty());
    const auto expected = gathered(stored, views[i].shape, views[i].strides, views[i].offset);
    std::vector<float> all(tensor.elements());
    ASSERT_TRUE(RowReader(checkpoint, tensor).read_elements(0, all));
    EXPECT_EQ(all, expected) << i;
    const std::size_t begin = all.size() / 3, count = all.size() / 2;
    std::vector<float> some(count);
    ASSERT_TRUE(RowReader(checkpoint, tensor).read_elements(begin, some));
    EXPECT_TRUE(std::equal(some.begin(), some.end(), expected.begin() + static_cast<long>(begin)));
  }
}

TEST(RowReader, ReadsViewsOfMoreElementsThanOnePiece) {
  constexpr std::uint64_t kRows = 1000, kColumns = 600;
  std::vector<float> values(kRows * kColumns);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  tests::Pytorch content;
  content.f32_transposed("w", {kRows, kColumns}, values);
  TempFolder folder;
  folder.write("model.pt", content.legacy());
  const Checkpoint checkpoint = opened(folder);
  std::vector<float> all(values.size());
  ASSERT_TRUE(RowReader(checkpoint, checkpoint.tensors[0]).read_elements(0, all));
  EXPECT_EQ(all, values);
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
