// One quantised tensor, all of it, beside the tensor that it may have been made of.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>

#include "forensics/tensor_pairs.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// How its values differ from rounded ones. Sums over all elements.
struct QuantisedTensor {
  bool on_grid = false;  // of the container or the packing; false: stored plainly
  bool testable = true;  // false: a grid without a table of levels
  std::uint64_t elements = 0;
  std::uint64_t outside = 0;  // elements that are not the rounding of the source's
  double farthest = 0;  // on a grid: steps beyond the reach of the level; else relative to the
                        // largest magnitude of the source
  bool scaled_before = false;  // rows or columns were scaled, else they round as they should
  double cosine = 0;           // 0 where one of them is zero
};

/// The share of values that may fail where the rounding is taken for proved.
inline constexpr double kFaithfulOutside = 0.001;

/// `pair.a` is the quantised tensor; both have one shape. Bounded memory. Errors: those of reading;
/// cancelled.
Result<QuantisedTensor> measure_quantised(const model::Checkpoint& quantised,
                                          const model::Checkpoint& source, const TensorPair& pair,
                                          const std::stop_token& stop);

}  // namespace prov::forensics
