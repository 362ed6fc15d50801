// Everything that the naming of a merge rests on: measured, with the candidates that it is made of.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "forensics/layer_origin.hpp"
#include "forensics/merge_gram.hpp"
#include "forensics/merge_selection.hpp"
#include "forensics/merge_sites.hpp"
#include "forensics/slerp_schedule.hpp"
#include "forensics/sparse_merge.hpp"

namespace prov::verdict {

/// How a merge chose the elements that it dropped.
enum class DropPattern { by_size, at_random, neither };
DropPattern drop_pattern(const forensics::SparseMerge& merge);
/// Share of a difference that was kept, if all parents dropped alike and at random.
double kept_share(const forensics::SparseMerge& merge);

/// Points into the checkpoints, which must outlive it. Models are numbered as the candidates.
struct MergeEvidence {
  forensics::MergeSites sites;
  std::vector<forensics::SiteSums> sums;     // beside sites.sites
  std::vector<forensics::MergeGram> layers;  // core sites, by layer
  std::vector<int> layer_numbers;            // beside layers, ascending
  forensics::MergeGram core;                 // sum of the layers
  std::vector<forensics::LayerOrigin> origins;
  std::size_t child_layers = 0;
  std::vector<std::size_t> candidate_layers;

  std::optional<std::size_t> given_base;  // if it can be fitted
  /// By candidate: an earlier one that it equals, up to the rounding of number formats.
  std::vector<std::optional<std::size_t>> copy_of;
  forensics::Selection selection;                // empty without candidates that can be fitted
  std::optional<forensics::SparseMerge> sparse;  // a merge that drops elements by a known pattern
  std::optional<double> equal_to_base;           // largest share of elements equal to a base tried
  std::optional<forensics::SparseMerge> nearest_sparse;  // explains most, whether it is one or not

  std::vector<std::size_t> parents;    // without the base
  std::optional<std::size_t> base;     // given, or found
  bool base_takes_part = false;        // its weight is not zero
  std::vector<std::size_t> relatives;  // near the child on all sides, so none of them is a parent
  /// What several terms leave, by what the mean of independent relatives would.
  std::optional<double> left_by_relatives;
  std::optional<forensics::SlerpSchedule> slerp;  // two parents and no base

  /// Parents, then the base where it takes part.
  std::vector<std::size_t> terms() const;
  /// terms() and the zero model: what is fitted.
  std::vector<std::size_t> fitted() const;
  /// What the fit of each tensor by itself leaves, in roundings; absent without terms.
  std::optional<double> residual_in_roundings() const;
  /// Nothing but rounding is left: the child was not touched after the merge.
  bool is_exact() const;
  /// 1 - left over by the fit of each part by itself / the same by the best single term; absent
  /// for less than two terms.
  std::optional<double> gain_of(std::span<const forensics::MergeGram> parts) const;
  /// Share explained by the fit of each part: of child - base where the base is known, else of the
  /// child; absent without terms.
  std::optional<double> explained_of(std::span<const forensics::MergeGram> parts) const;
};

/// `base` is the index of a candidate. Errors: those of reading; cancelled.
Result<MergeEvidence> gather_merge_evidence(const model::Checkpoint& child,
                                            std::span<const model::Checkpoint* const> candidates,
                                            std::optional<std::size_t> base,
                                            const std::stop_token& stop);

}  // namespace prov::verdict
