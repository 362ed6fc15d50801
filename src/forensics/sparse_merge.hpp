// Single elements of a merge that drops parts of its task vectors (TIES, DARE): most stand exactly
// where the base or one parent puts them.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "forensics/merge_gram.hpp"

namespace prov::forensics {

/// Elements where child - base is one constant times parent - base.
struct SparseParent {
  std::size_t model = 0;
  double ratio = 0;  // that constant
  double share = 0;  // of the elements that were neither untouched nor explained before
  /// Share of untouched elements among the tenth of each tensor where this parent differs most.
  double untouched_where_large = 0;
};

/// Elements where two parents act at once, on one side: child - base is a fixed mixture of both
/// parents' ratio * (parent - base).
struct SparseMixture {
  std::size_t first = 0, second = 0;  // of SparseMerge::parents
  double first_weight = 0, second_weight = 0;
};

struct SparseMerge {
  std::size_t base = 0;
  std::vector<SparseParent> parents;  // the one that explains most first
  std::vector<SparseMixture> mixtures;
  std::size_t elements = 0;  // where a parent clearly differs from the base
  double untouched = 0;      // share of these at which the child equals the base
  double explained = 0;      // share of these that base, one parent or a mixture gives
  double mixed_sites = 0;    // share of the tensors that have touched and untouched elements
  /// Of the elements where the first two parents pull to different sides, the share at which both
  /// act at once; absent without two parents or such elements.
  std::optional<double> both_in_conflict;
};

/// Looks at the kept elements of each site and takes those of `models` that explain most, one after
/// the other, while their ratio stands out sharply. A model clearly differs from the base where it
/// does so by 16 units in the last place. Without such a model `parents` is empty.
SparseMerge measure_sparse_merge(std::span<const SiteSums> sums, std::size_t base,
                                 std::span<const std::size_t> models);

/// Share of the kept elements at which the child equals `model`, [0, 1].
double equal_share(std::span<const SiteSums> sums, std::size_t model);

}  // namespace prov::forensics
