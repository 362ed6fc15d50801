// expected.tsv: what a package reads in the files that it wrote.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "model/row_reader.hpp"

namespace prov::peers {

inline const std::filesystem::path kPeers = std::filesystem::path(PROV_REPOSITORY) / "tests/peers";

struct ExpectedTensor {
  std::string name, shape, sha256;
};

/// The tensors of each folder of `set`.
inline std::map<std::string, std::vector<ExpectedTensor>> expected_tensors(const std::string& set) {
  std::map<std::string, std::vector<ExpectedTensor>> folders;
  std::ifstream file(kPeers / set / "expected.tsv");
  std::string folder;
  for (ExpectedTensor row; file >> folder >> row.name >> row.shape >> row.sha256;)
    folders[folder].push_back(row);
  return folders;
}

inline std::string shape_text(const model::Tensor& tensor) {
  std::string text;
  for (const std::uint64_t size : tensor.info.shape)
    text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

inline std::vector<float> values_of(const model::Checkpoint& checkpoint,
                                    const model::Tensor& tensor) {
  std::vector<float> values(static_cast<std::size_t>(tensor.elements()));
  const auto status = model::RowReader(checkpoint, tensor).read_elements(0, values);
  EXPECT_TRUE(status) << status.error().to_string();
  return values;
}

inline model::Checkpoint opened(const std::filesystem::path& folder) {
  auto checkpoint = model::open_checkpoint(*source::locate(folder.string()));
  EXPECT_TRUE(checkpoint) << checkpoint.error().to_string();
  return checkpoint ? *std::move(checkpoint) : model::Checkpoint();
}

/// Every tensor is there, bit for bit, and no other.
inline void expect_equal(const model::Checkpoint& checkpoint,
                         const std::vector<ExpectedTensor>& expected) {
  EXPECT_EQ(checkpoint.tensors.size(), expected.size());
  for (const ExpectedTensor& row : expected) {
    const model::Tensor* const tensor = checkpoint.find(row.name);
    if (tensor == nullptr) {
      ADD_FAILURE() << row.name << " is not there";
      continue;
    }
    EXPECT_EQ(shape_text(*tensor), row.shape) << row.name;
    const std::vector<float> values = values_of(checkpoint, *tensor);
    EXPECT_EQ(base::hex(base::sha256(std::as_bytes(std::span(values)))), row.sha256) << row.name;
  }
}

}  // namespace prov::peers
