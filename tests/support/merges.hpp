// Merged models for tests: the operators as their papers define them, in double, and stored as
// bfloat16.
//
//   Weights child = linear({{0.5, &a}, {0.5, &b}});
//   write_model(folder, "child", child);
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/checkpoint.hpp"
#include "support/temp_folder.hpp"

namespace prov::tests {

struct WeightTensor {
  std::vector<std::uint64_t> shape;
  std::vector<float> values;
};
using Weights = std::map<std::string, WeightTensor>;
using Share = std::pair<double, const Weights*>;

/// All tensors of a checkpoint as floats.
Weights read_weights(const model::Checkpoint& checkpoint);
/// Each value rounded to bfloat16: what a file of that type holds.
Weights as_bf16(Weights weights);
/// A small Llama: `layers` layers of width 64, 96 hidden units, 128 tokens; normal weights,
/// in bfloat16.
Weights random_llama(int layers, std::uint64_t seed);
/// `base` with each weight moved by about `relative` of the tensor's usual size, in bfloat16.
Weights moved(const Weights& base, double relative, std::uint64_t seed);
/// `base` with the differences of `tuned` to it, each tensor's shifted by `shift` places: as large
/// and as unevenly spread as real fine-tuning, and unrelated to it. In bfloat16.
Weights shifted_tuning(const Weights& base, const Weights& tuned, std::size_t shift);

Weights linear(const std::vector<Share>& parents);
Weights slerp(const Weights& a, const Weights& b, double t);
/// base + sum of share * (parent - base).
Weights task_arithmetic(const Weights& base, const std::vector<Share>& parents);
/// Keeps the largest `density` of each difference, elects a sign an element, takes the mean of
/// those that agree.
Weights ties(const Weights& base, const std::vector<Share>& parents, double density);
/// Keeps each element of a difference with probability `density`, divides by it; signs elected or
/// all added up.
Weights dare(const Weights& base, const std::vector<Share>& parents, double density, bool elect,
             std::uint64_t seed);
/// The layers [first, last] of each source one after the other; the rest of the first source.
struct Slice {
  const Weights* source;
  int first, last;
};
Weights passthrough(const std::vector<Slice>& slices);

/// Writes a folder with model.safetensors, BF16 or F32, and returns its path.
std::string write_model(const TempFolder& folder, const std::string& name, const Weights& weights,
                        bool as_f32 = false);

}  // namespace prov::tests
