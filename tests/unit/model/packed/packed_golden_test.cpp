// Every packing as an independent implementation decodes it: tools/make_packed_goldens.py.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/sha256.hpp"
#include "model/row_reader.hpp"

namespace prov::model {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(PROV_REPOSITORY) / "tests/unit/model/packed/data";

struct Golden {
  std::string folder, tensor, shape, sha256;
};

void PrintTo(const Golden& golden, std::ostream* out) { *out << golden.folder; }

std::vector<Golden> goldens() {
  std::ifstream file(kData / "expected.tsv");
  std::vector<Golden> rows;
  for (Golden row; file >> row.folder >> row.tensor >> row.shape >> row.sha256;)
    rows.push_back(row);
  return rows;
}

std::string shape_text(const Tensor& tensor) {
  std::string text;
  for (const std::uint64_t size : tensor.info.shape)
    text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

std::vector<float> values_of(const Checkpoint& checkpoint, const Tensor& tensor) {
  std::vector<float> values(static_cast<std::size_t>(tensor.elements()));
  const auto status = RowReader(checkpoint, tensor).read_elements(0, values);
  EXPECT_TRUE(status) << status.error().to_string();
  return values;
}

std::vector<std::uint32_t> bits_of(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
  return bits;
}

class PackedGolden : public testing::TestWithParam<Golden> {
 protected:
  Checkpoint opened() const {
    auto checkpoint = open_checkpoint(*source::locate((kData / GetParam().folder).string()));
    EXPECT_TRUE(checkpoint) << checkpoint.error().to_string();
    return *std::move(checkpoint);
  }
};

TEST_P(PackedGolden, IsDecodedBitForBit) {
  const Checkpoint checkpoint = opened();
  EXPECT_EQ(checkpoint.unread, "");
  EXPECT_THAT(checkpoint.warnings, testing::IsEmpty());
  ASSERT_EQ(checkpoint.tensors.size(), 1u) << "the parts are gone, the whole is there";
  const Tensor& tensor = checkpoint.tensors[0];
  EXPECT_EQ(tensor.info.name, GetParam().tensor);
  EXPECT_EQ(shape_text(tensor), GetParam().shape);
  const std::vector<float> values = values_of(checkpoint, tensor);
  const auto digest = base::sha256(std::as_bytes(std::span(values)));
  EXPECT_EQ(base::hex(digest), GetParam().sha256) << storage_name(tensor);
}

TEST_P(PackedGolden, AnyPartIsThePartOfTheWhole) {
  const Checkpoint checkpoint = opened();
  const Tensor& tensor = checkpoint.tensors[0];
  const std::vector<std::uint32_t> whole = bits_of(values_of(checkpoint, tensor));
  RowReader reader(checkpoint, tensor);
  for (std::size_t begin = 0; begin < whole.size(); begin += 131) {
    for (const std::size_t count : {1u, 33u, 64u, 200u}) {
      std::vector<float> part(std::min(count, whole.size() - begin));
      ASSERT_TRUE(reader.read_elements(begin, part));
      const std::vector<std::uint32_t> bits = bits_of(part);
      EXPECT_TRUE(
          std::equal(bits.begin(), bits.end(), whole.begin() + static_cast<std::ptrdiff_t>(begin)))
          << begin << " + " << count;
    }
  }
}

TEST_P(PackedGolden, CountsTheBytesOfAllParts) {
  const Checkpoint checkpoint = opened();
  const std::uint64_t file = checkpoint.files[0]->size();
  EXPECT_LT(checkpoint.bytes(), file);
  std::uint64_t header = 0;
  ASSERT_TRUE(checkpoint.files[0]->read(0, std::as_writable_bytes(std::span(&header, 1))));
  EXPECT_EQ(checkpoint.bytes() + header + 8, file);
}

INSTANTIATE_TEST_SUITE_P(Packings, PackedGolden, testing::ValuesIn(goldens()),
                         [](const auto& golden) {
                           std::string name = golden.param.folder;
                           std::erase(name, '-');
                           return name;
                         });

TEST(PackedGoldens, EveryFolderHasARow) {
  std::set<std::string> rows, folders;
  for (const Golden& row : goldens()) rows.insert(row.folder);
  for (const fs::directory_entry& entry : fs::directory_iterator(kData)) {
    if (entry.is_directory()) folders.insert(entry.path().filename().string());
  }
  EXPECT_EQ(rows, folders);
  EXPECT_GE(rows.size(), 45u);
}

TEST(PackedStorage, NamesTheSchemeAndItsGroups) {
  const std::map<std::string, std::string> expected{
      {"gptq-4", "GPTQ int4, groups of 16"},
      {"gptq-act-order", "GPTQ int4, groups in act-order"},
      {"gptq-one-group", "GPTQ int4, per row"},
      {"awq", "AWQ int4, groups of 16"},
      {"bnb-int8", "bitsandbytes int8, per row"},
      {"bnb-nf4-nested", "bitsandbytes NF4, groups of 64, scales quantised too"},
      {"fp8-block", "F8_E4M3, blocks of 16 x 24"},
      {"fp8-tensor", "F8_E4M3, per tensor"},
      {"fp8-channel", "F8_E4M3, per row"},
      {"ct-pack-4", "compressed-tensors int4, groups of 16"},
      {"ct-nvfp4", "NVFP4, groups of 16"},
      {"mxfp4-experts", "MXFP4, groups of 32"},
      {"hqq-3", "HQQ int3, groups of 16"},
      {"mlx-6", "MLX int6, groups of 32"},
      {"mlx-mxfp8", "MLX mxfp8, groups of 32"},
  };
  for (const auto& [folder, name] : expected) {
    const auto checkpoint = open_checkpoint(*source::locate((kData / folder).string()));
    ASSERT_TRUE(checkpoint) << folder;
    EXPECT_EQ(storage_name(checkpoint->tensors[0]), name);
  }
}

}  // namespace
}  // namespace prov::model
