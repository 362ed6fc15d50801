// Which of many candidates a child was made of: the fewest that together explain it.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "forensics/merge_fit.hpp"

namespace prov::forensics {

/// When a candidate is worth its place.
struct SelectionRule {
  double least_explained;  // share of what was left over that it must take away
  double least_ratio;      // |weight| in standard errors
  double better_swap;      // a swap must leave less than this share of the residual
  double enough = 0;       // a residual (squared) that is not worth a further search
};

struct SelectionAttempt {
  std::size_t model = 0;
  double explained = 0;  // [0, 1]
  double left = 0;       // ||residual||^2 / ||child||^2
  bool accepted = false;
  std::optional<std::size_t> runner_up;
  double runner_up_explained = 0;
};

struct Selection {
  std::vector<std::size_t> parents;        // in the order found
  std::vector<SelectionAttempt> attempts;  // the last one is the first that was refused
};

/// Sum over layers of what the best weights of each layer leave. A zero model may always take part:
/// sums of weights other than one (SLERP, scaled merges) cost nothing.
double layered_residual(std::span<const MergeGram> layers, std::span<const std::size_t> models);

/// Forward selection among `candidates`, layer by layer weights; then each parent is exchanged for
/// a candidate that fits better, and dropped if the others do without it. Where more than `enough`
/// is left, the search begins anew with each other candidate: a near relative of the child may
/// have hidden two parents that explain it together. `base`, if known, takes
/// part from the start and is no candidate. `total` is the sum of `layers`, which is not empty.
Selection select_parents(std::span<const MergeGram> layers, const MergeGram& total,
                         std::span<const std::size_t> candidates, std::optional<std::size_t> base,
                         const SelectionRule& rule);

}  // namespace prov::forensics
