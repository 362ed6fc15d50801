// NLF, norm layer fingerprint: the weights and biases of all normalisation layers.
// docs/signals/nlf.md
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/checkpoint.hpp"
#include "signals/kit_similarity.hpp"

namespace prov::signals {

/// `direct` when all norm tensors have one length: their values. Else `statistics`: mean,
/// population standard deviation, maximum and minimum of each.
enum class NlfMode { direct, statistics };

/// No NLF is computed for a model whose norm tensors have more elements together (64 MiB of f32).
inline constexpr std::uint64_t kMaxNlfElements = std::uint64_t{1} << 24;

struct NlfRecord {
  NlfMode mode = NlfMode::direct;
  std::uint32_t tensors = 0;
  std::vector<float> values;
  std::string missing;  // why there is none; "" if there is

  friend bool operator==(const NlfRecord&, const NlfRecord&) = default;
};

/// True for a tensor that NLF takes: a norm name, rank 1, at least 64 elements.
bool belongs_to_nlf(const model::Tensor& tensor);

/// From the values of the norm tensors, one after the other in kit_order, and their
/// lengths.
NlfRecord make_nlf(std::vector<float> values, std::span<const std::size_t> lengths);

/// Cosine of the values, or of the statistics when the modes or lengths differ; negative ones as 0.
Similarity nlf_similarity(const NlfRecord& a, const NlfRecord& b);

}  // namespace prov::signals
