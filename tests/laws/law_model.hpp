// The really trained model that the laws are tried on, and ways to store its weights again.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "model/row_reader.hpp"
#include "support/checkpoint_builder.hpp"
#include "support/temp_folder.hpp"

namespace prov::laws {

inline const std::filesystem::path kModel =
    std::filesystem::path(PROV_REPOSITORY) / "tests/zoo/qwen-a";

struct NamedTensor {
  std::string name;
  std::vector<std::uint64_t> shape;
  std::vector<float> values;
};
using Weights = std::vector<NamedTensor>;

inline Weights weights_in(const std::filesystem::path& folder) {
  const auto checkpoint = model::open_checkpoint(*source::locate(folder.string()));
  Weights weights;
  for (const model::Tensor& tensor : checkpoint->tensors) {
    std::vector<float> values(tensor.elements());
    EXPECT_TRUE(model::RowReader(*checkpoint, tensor).read_elements(0, values));
    weights.push_back({tensor.info.name, tensor.info.shape, std::move(values)});
  }
  return weights;
}

/// Configuration and tokenizer of the model, without its weights.
inline void copy_metadata(const tests::TempFolder& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(kModel)) {
    if (entry.path().extension() == ".json")
      std::filesystem::copy_file(entry.path(), folder.path() / entry.path().filename());
  }
}

enum class Float { f32, f16, bf16 };

/// Safetensors, Pytorch or Gguf: they name their types alike.
template <typename File>
void add(File& file, const NamedTensor& tensor, Float type) {
  if (type == Float::f32) file.f32(tensor.name, tensor.shape, tensor.values);
  if (type == Float::f16) file.f16(tensor.name, tensor.shape, tensor.values);
  if constexpr (requires { file.bf16(tensor.name, tensor.shape, tensor.values); })
    if (type == Float::bf16) file.bf16(tensor.name, tensor.shape, tensor.values);
}

template <typename File = tests::Safetensors>
File file_of(const Weights& weights, Float type) {
  File file;
  for (const NamedTensor& tensor : weights) add(file, tensor, type);
  return file;
}

/// Tensors dealt to three shards in turn, each of its own type, so that every layer straddles them.
inline void write_three_shards(const tests::TempFolder& folder, const Weights& weights,
                               const std::array<Float, 3>& types) {
  std::vector<tests::Safetensors> shards(types.size());
  for (std::size_t i = 0; i < weights.size(); ++i)
    add(shards[i % types.size()], weights[i], types[i % types.size()]);
  tests::write_sharded(folder, shards);
}

}  // namespace prov::laws
