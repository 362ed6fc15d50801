// The matrices whose changes were measured: which may be looked at, and what most of them say.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "forensics/gather.hpp"

namespace prov::verdict {

using MatrixChanges = std::vector<const forensics::MatrixChange*>;

/// All of them. They live as long as `evidence`.
MatrixChanges all_matrices(const forensics::ForensicEvidence& evidence);

/// The matrices of attention agree much less than those of the MLPs do: heads were permuted or
/// mixed. A minor share in a merge lowers both alike.
bool attention_moved(const forensics::ForensicEvidence& evidence);

/// Those whose elements answer each other one by one: none where units stand elsewhere or scales
/// were moved, those of the MLPs where the heads of attention were permuted or mixed.
MatrixChanges aligned_matrices(const forensics::ForensicEvidence& evidence);

/// Share of the matrices for which `predicate(change)` holds, [0, 1]; 0 without any.
template <class Predicate>
double share_of(const MatrixChanges& matrices, Predicate predicate) {
  if (matrices.empty()) return 0;
  const auto holding =
      std::ranges::count_if(matrices, [&](const auto* change) { return predicate(*change); });
  return static_cast<double>(holding) / static_cast<double>(matrices.size());
}

/// Median of `value(change)`, the upper one of two, over the matrices that have it.
template <class Value>
std::optional<double> median_of(const MatrixChanges& matrices, Value value) {
  std::vector<double> values;
  for (const auto* change : matrices) {
    if (const std::optional<double> number = value(*change)) values.push_back(*number);
  }
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace prov::verdict
