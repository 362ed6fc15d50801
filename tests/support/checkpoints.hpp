// Checkpoints in memory.
#pragma once

#include <gtest/gtest.h>

#include <utility>

#include "model/checkpoint.hpp"
#include "source/snapshot.hpp"
#include "support/checkpoint_builder.hpp"
#include "support/random_matrix.hpp"

namespace prov::tests {

inline model::Checkpoint opened(const Safetensors& tensors) {
  TempFolder folder;
  folder.write("model.safetensors", tensors.bytes());
  auto checkpoint = model::open_checkpoint(*source::locate(folder.string()));
  EXPECT_TRUE(checkpoint) << checkpoint.error().to_string();
  return *std::move(checkpoint);  // the open file outlives its folder
}

inline std::vector<float> random_values(std::size_t count, std::uint64_t seed) {
  return random_matrix(1, count, seed).values;
}

}  // namespace prov::tests
