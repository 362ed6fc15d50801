// Hashes of whole tensors: an exact copy of a tensor is found whatever file and container it is in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/digest.hpp"
#include "signals/weight_signals.hpp"

namespace prov::fingerprint {

inline constexpr std::size_t kMostTensorHashes = 64;

/// A set of at most kMostTensorHashes, ascending: the lower halves of the content hashes of tensors
/// of 4096 elements or more (small ones are often constant), of more those of the smallest hash.
/// Equal values have equal hashes as BF16, F16 or F32.
std::vector<std::uint64_t> exact_hashes(std::span<const signals::TensorRecord> tensors);

/// One hash of all tensors in the order of their names; equal for equal names, shapes and values.
base::ContentHash hash_of_all(std::span<const signals::TensorRecord> tensors);

}  // namespace prov::fingerprint
