#include "verdict/value_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "verdict/lineage_summary.hpp"
#include "verdict/lineage_thresholds.hpp"
#include "verdict/linear_share.hpp"
#include "verdict/measured_matrices.hpp"

namespace prov::verdict {
namespace {

using forensics::DifferenceKind;
using forensics::ForensicEvidence;
using forensics::MatrixChange;

std::string list(const std::set<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::optional<Finding> find_adapter(const MatrixChanges& matrices) {
  std::map<std::size_t, std::size_t> ranks;
  std::set<std::string> modules;
  std::size_t changed = 0, low_rank = 0;
  for (const MatrixChange* change : matrices) {
    if (!change->spectrum || change->spectrum->kind == DifferenceKind::none) continue;
    ++changed;
    if (change->spectrum->kind != DifferenceKind::low_rank) continue;
    ++low_rank;
    ++ranks[change->spectrum->rank];
    modules.emplace(model::role_kind_name(change->kind));
  }
  if (changed == 0 || static_cast<double>(low_rank) < kMostMatrices * static_cast<double>(changed))
    return std::nullopt;
  const auto rank =
      std::ranges::max_element(ranks, {}, [](const auto& entry) { return entry.second; });
  return Finding{{"lora",
                  fmt::format("the difference of {} of {} changed matrices has rank {}, beyond it "
                              "only rounding noise; modules: {}",
                              low_rank, changed, rank->first, list(modules)),
                  static_cast<double>(rank->first)},
                 Direction::undetermined,
                 ""};
}

/// Every direction holds equally much of the difference: no training leaves that.
bool spectra_are_flat(const MatrixChanges& matrices) {
  return !matrices.empty() && share_of(matrices, [](const MatrixChange& change) {
                                return change.spectrum &&
                                       change.spectrum->kind == DifferenceKind::noise;
                              }) >= kMostMatrices;
}

double median_kurtosis(const MatrixChanges& matrices) {
  return median_of(matrices,
                   [](const MatrixChange& change) {
                     return change.pattern ? std::optional(change.pattern->kurtosis) : std::nullopt;
                   })
      .value_or(0);
}

/// Distance from one of the slope on the model that the other one's differences lie around.
double off_centre(const MatrixChanges& matrices) {
  const auto slope = [&](bool of_b) {
    return median_of(matrices, [&](const MatrixChange& change) -> std::optional<double> {
      if (!change.pattern || change.pattern->slope == 0) return std::nullopt;
      const double kept = 1 - change.pattern->residual * change.pattern->residual;
      return of_b ? change.pattern->slope : kept / change.pattern->slope;
    });
  };
  return std::min(std::abs(slope(true).value_or(0) - 1), std::abs(slope(false).value_or(0) - 1));
}

bool around_one_of_them(const MatrixChanges& matrices) {
  return off_centre(matrices) <= kNoiseSlope;
}

std::optional<Finding> find_noise(const MatrixChanges& matrices) {
  if (!spectra_are_flat(matrices) || median_kurtosis(matrices) > kNoiseKurtosis ||
      !around_one_of_them(matrices))
    return std::nullopt;
  const auto sigma = median_of(matrices, [](const MatrixChange& change) {
    return change.spectrum ? std::optional(change.spectrum->relative_norm) : std::nullopt;
  });
  return Finding{{"noised",
                  fmt::format("the differences have the flat spectrum of independent noise and its "
                              "tails (kurtosis {:.2f}), sigma {:.2f} % of the weights",
                              median_kurtosis(matrices), 100 * *sigma),
                  sigma},
                 Direction::undetermined,
                 ""};
}

/// Differences without direction, as noise has them, but of two sizes, and around neither model:
/// parts of task vectors that were dropped at random, seen from a model that is not their base.
std::optional<Finding> find_dropped_parts(const MatrixChanges& matrices) {
  // Changes near a step of the storage have heavy tails and flat spectra by rounding alone.
  const auto resolved = [](const MatrixChange& change) {
    return change.pattern && static_cast<double>(change.pattern->fine) >=
                                 kResolved * static_cast<double>(change.pattern->elements);
  };
  const double kurtosis = median_kurtosis(matrices);
  if (!spectra_are_flat(matrices) || kurtosis <= kNoiseKurtosis || around_one_of_them(matrices) ||
      share_of(matrices, resolved) < kMostMatrices)
    return std::nullopt;
  return Finding{
      {"merged",
       fmt::format(
           "the differences have no direction in common, as training would leave, but "
           "tails that noise has not (kurtosis {:.1f}), and lie around neither model: parts "
           "of differences were dropped at random (DARE)",
           kurtosis),
       kurtosis},
      Direction::undetermined,
      ""};
}

std::optional<double> median_untouched(const MatrixChanges& matrices) {
  return median_of(matrices, [](const MatrixChange& change) {
    return change.pattern ? std::optional(change.pattern->untouched) : std::nullopt;
  });
}

std::optional<double> median_hole(const MatrixChanges& matrices) {
  return median_of(matrices, [](const MatrixChange& change) {
    return change.pattern ? std::optional(change.pattern->hole) : std::nullopt;
  });
}

/// Many weights exactly where they were beside many that moved: dropped or trimmed task vectors.
std::optional<Finding> find_sparse_difference(const MatrixChanges& matrices) {
  const auto sparse = [](const MatrixChange& change) {
    return change.pattern && change.pattern->untouched > kUntouchedWeights &&
           change.pattern->untouched > 3 * change.pattern->untouched_chance &&
           change.pattern->equal < 0.999;
  };
  if (matrices.empty() || share_of(matrices, sparse) < kMostMatrices) return std::nullopt;
  const auto untouched = median_untouched(matrices);
  const bool trimmed = median_hole(matrices).value_or(0) > kTrimHole;
  return Finding{
      {"merged",
       fmt::format("{:.0f} % of the weights stand exactly where they were, where training would "
                   "have moved them: task vectors that were {}",
                   100 * *untouched,
                   trimmed ? "trimmed by size (TIES)" : "dropped at random (DARE)"),
       untouched},
      Direction::undetermined,
      ""};
}

std::optional<Finding> describe_linear_share(const MatrixChanges& matrices) {
  const auto share = find_linear_share(matrices);
  if (!share) return std::nullopt;
  const char parent = share->b_is_child ? 'A' : 'B', child = share->b_is_child ? 'B' : 'A';
  std::string detail = fmt::format(
      "linear, with a model that shares nothing with {}: every one of {} matrices is {:.3f} times "
      "that of {} (spread {:.4f}) and a remainder",
      parent, share->matrices, share->weight, parent, share->spread);
  if (share->only_child) {
    detail += fmt::format(
        "; the other way round the slopes differ, so {} was not made from {}, but whether {} holds "
        "{} or a relative of it stays open",
        parent, child, child, parent);
  }
  return Finding{{"merged", std::move(detail), share->weight}, Direction::undetermined, ""};
}

std::optional<Finding> find_training(const ForensicEvidence& evidence,
                                     const MatrixChanges& matrices) {
  const auto moved = [](const MatrixChange& change) {
    return change.pattern && change.pattern->equal < 1;
  };
  if (share_of(matrices, moved) == 0) return std::nullopt;
  const double cosine = mean_likeness(evidence.layers);
  const bool near = cosine >= kFineTunedCosine;
  return Finding{
      {near ? "fine-tuned" : "continued-pretraining",
       fmt::format(
           "dense differences, mean cosine of the MLPs {:.4f}; {} {:.3f} (siblings and "
           "merges of relatives look alike: `decompose` tells)",
           cosine,
           near ? "fine-tuning stays above" : "training on as long as pre-training goes below",
           kFineTunedCosine),
       cosine},
      Direction::undetermined,
      ""};
}

void add(std::vector<Finding>& findings, std::optional<Finding> finding) {
  if (finding) findings.push_back(*std::move(finding));
}

}  // namespace

DifferenceNumbers difference_numbers(const ForensicEvidence& evidence) {
  const MatrixChanges matrices = aligned_matrices(evidence);
  DifferenceNumbers numbers{
      .untouched = median_untouched(matrices), .hole = {}, .kurtosis = {}, .off_centre = {}};
  if (numbers.untouched.value_or(0) > kUntouchedWeights) numbers.hole = median_hole(matrices);
  if (!spectra_are_flat(matrices)) return numbers;
  numbers.kurtosis = median_kurtosis(matrices);
  numbers.off_centre = off_centre(matrices);
  return numbers;
}

std::vector<Finding> find_value_changes(const ForensicEvidence& evidence) {
  const MatrixChanges matrices = aligned_matrices(evidence);
  std::vector<Finding> findings;
  add(findings, find_noise(matrices));  // noise too leaves one slope in all matrices
  if (findings.empty()) add(findings, describe_linear_share(matrices));
  if (findings.empty()) add(findings, find_sparse_difference(matrices));
  if (findings.empty()) add(findings, find_dropped_parts(matrices));
  if (findings.empty()) add(findings, find_adapter(matrices));
  if (findings.empty()) add(findings, find_training(evidence, matrices));
  return findings;
}

}  // namespace prov::verdict
