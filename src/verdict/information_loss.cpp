#include "verdict/information_loss.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "verdict/lineage_thresholds.hpp"
#include "verdict/measured_matrices.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;
using forensics::MatrixChange;

/// One side of a comparison: `child` is the one that may have lost something.
struct Side {
  char parent, child;
  Direction direction;
  std::optional<forensics::QuantisationGrid> MatrixChange::*child_grid, MatrixChange::*parent_grid;
  std::optional<double> MatrixChange::* child_is_rounded;
  std::optional<forensics::StorageRounding> forensics::WeightChanges::* child_is_shorter;
  forensics::PrunedSide pruned;
};

const Side kForward{'A',
                    'B',
                    Direction::a_to_b,
                    &MatrixChange::grid_b,
                    &MatrixChange::grid_a,
                    &MatrixChange::b_is_rounded_a,
                    &forensics::WeightChanges::b_is_shorter,
                    forensics::PrunedSide::b};
const Side kBackward{'B',
                     'A',
                     Direction::b_to_a,
                     &MatrixChange::grid_a,
                     &MatrixChange::grid_b,
                     &MatrixChange::a_is_rounded_b,
                     &forensics::WeightChanges::a_is_shorter,
                     forensics::PrunedSide::a};

/// Every layer of the child that was looked at is one of the parent: losses in the others would be
/// against a third model.
bool covers_child(const ForensicEvidence& evidence, const Side& side) {
  const auto& layers = evidence.layers;
  return side.direction == Direction::a_to_b ? layers.found_in_b() == layers.of_b.size()
                                             : layers.found_in_a() == layers.of_a.size();
}

std::optional<Finding> find_quantisation(const ForensicEvidence& evidence, const Side& side) {
  const MatrixChanges matrices = all_matrices(evidence);
  const auto on_grid = [](auto member) {
    return [member](const MatrixChange& change) { return (change.*member).has_value(); };
  };
  if (share_of(matrices, on_grid(side.child_grid)) < kMostMatrices) return std::nullopt;
  if (share_of(matrices, on_grid(side.parent_grid)) > 1 - kMostMatrices) return std::nullopt;
  std::set<std::string> names;
  double chance = 0;
  bool stated = true;
  for (const MatrixChange* change : matrices) {
    const auto& grid = change->*side.child_grid;
    if (!grid) continue;
    names.insert(grid->name);
    if (!grid->stated) chance = std::min(chance, grid->log10_chance);
    stated &= grid->stated;
  }
  // A container's type leaves nothing to chance.
  const std::string seen =
      stated ? fmt::format("{} is stored on a grid ({}), {} is not", side.child,
                           fmt::join(names, ", "), side.parent)
             : fmt::format("{} lies on a grid ({}), {} does not; chance of that 1e{:.0f}",
                           side.child, fmt::join(names, ", "), side.parent, chance);
  const auto rounded = median_of(
      matrices, [&](const MatrixChange& change) { return change.*side.child_is_rounded; });
  const double explained = share_of(matrices, [&](const MatrixChange& change) {
    return (change.*side.child_is_rounded).value_or(0) >= kRounded;
  });
  Finding finding{{"quantised", seen, rounded}, Direction::undetermined, ""};
  if (rounded && explained >= kMostMatrices) {
    finding.operation.detail += fmt::format("; {:.2f} % of the values of {} round to those of {}",
                                            100 * *rounded, side.parent, side.child);
    finding.direction = side.direction;
    finding.proof =
        fmt::format("{} is {} rounded to that grid, and rounding loses what nobody can put back.",
                    side.child, side.parent);
  } else if (rounded) {
    finding.direction = side.direction;
    leave_open(finding);
    finding.operation.detail += fmt::format(
        "; rounding explains {:.1f} % of the values of {} in half of the matrices: {} "
        "was changed besides, or is a relative of what {} was rounded from",
        100 * *rounded, side.parent, side.parent, side.child);
  }
  return finding;
}

std::optional<Finding> find_rounding(const ForensicEvidence& evidence, const Side& side) {
  const auto& rounding = evidence.changes.*side.child_is_shorter;
  if (!rounding) return std::nullopt;
  return Finding{
      {"re-packaged",
       fmt::format("the weights of {} are those of {} rounded to {}: {} of {} sampled values lost "
                   "bits, {} are not explained by it",
                   side.child, side.parent, rounding->precision.name, rounding->lost,
                   rounding->elements, rounding->unexplained),
       static_cast<double>(rounding->lost)},
      side.direction,
      fmt::format("{} has bits that {} lacks, and the values of {} are its rounding.", side.parent,
                  side.child, side.child)};
}

std::optional<Finding> find_sparsity(const ForensicEvidence& evidence, const Side& side) {
  const MatrixChanges matrices = aligned_matrices(evidence);
  const auto pruned = [&](const MatrixChange& change) {
    return change.sparsity && forensics::pruned_side(*change.sparsity) == side.pruned;
  };
  if (matrices.empty() || share_of(matrices, pruned) < kMostMatrices) return std::nullopt;
  const bool b = side.pruned == forensics::PrunedSide::b;
  const auto zeros = median_of(matrices, [&](const MatrixChange& change) {
    return change.sparsity ? std::optional(b ? change.sparsity->zeros_b : change.sparsity->zeros_a)
                           : std::nullopt;
  });
  const auto two_of_four = median_of(matrices, [&](const MatrixChange& change) {
    if (!change.sparsity) return std::optional<double>();
    const forensics::SparsityPattern& pattern =
        b ? change.sparsity->two_of_four_b : change.sparsity->two_of_four_a;
    return std::optional(pattern.share);
  });
  const bool patterned = two_of_four.value_or(0) > 0.99;
  const auto survived = [](const MatrixChange& change) {
    return change.sparsity && change.sparsity->untouched >= kRounded;
  };
  const bool direct = share_of(matrices, survived) >= kMostMatrices;
  Finding finding{{"pruned",
                   fmt::format("{}: {:.1f} % of the weights of {} are zero where {} has none",
                               patterned ? "2:4 pattern" : "unstructured", 100 * *zeros, side.child,
                               side.parent),
                   zeros},
                  Direction::undetermined,
                  ""};
  if (direct) {
    finding.direction = side.direction;
    finding.proof = fmt::format(
        "The weights that are zero in {} are not zero in {}, the others are equal, and zeros "
        "do not tell what they were.",
        side.child, side.parent);
  } else {
    finding.direction = side.direction;
    leave_open(finding);
    finding.operation.detail += fmt::format(
        "; {} was not made from {}, but whether {} was made from {} or from a relative of it stays "
        "open: the weights that are left differ",
        side.parent, side.child, side.child, side.parent);
  }
  return finding;
}

void add(std::vector<Finding>& findings, std::optional<Finding> finding) {
  if (finding) findings.push_back(*std::move(finding));
}

}  // namespace

std::optional<double> rounded_share(const ForensicEvidence& evidence) {
  const MatrixChanges matrices = all_matrices(evidence);
  std::optional<double> largest;
  for (const Side& side : {kForward, kBackward}) {
    const auto rounded = median_of(
        matrices, [&](const MatrixChange& change) { return change.*side.child_is_rounded; });
    if (rounded) largest = std::max(largest.value_or(0), *rounded);
  }
  return largest;
}

std::vector<Finding> find_information_losses(const ForensicEvidence& evidence) {
  std::vector<Finding> findings;
  for (const Side& side : {kForward, kBackward}) {
    const std::size_t before = findings.size();
    add(findings, find_quantisation(evidence, side));
    if (findings.size() == before) {  // a grid explains its zeros and its short floats
      add(findings, find_rounding(evidence, side));
      add(findings, find_sparsity(evidence, side));
    }
    if (covers_child(evidence, side)) continue;
    for (std::size_t i = before; i < findings.size(); ++i) leave_open(findings[i]);
  }
  return findings;
}

}  // namespace prov::verdict
