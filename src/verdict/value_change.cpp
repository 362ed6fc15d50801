#include "verdict/value_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "verdict/lineage_summary.hpp"
#include "verdict/lineage_thresholds.hpp"
#include "verdict/reparameterisation.hpp"

namespace prov::verdict {
namespace {

using forensics::DifferenceKind;
using forensics::ForensicEvidence;
using forensics::MatrixChange;
using model::RoleKind;

/// Share of the matrices that must show a thing before it is said of the model.
constexpr double kMostMatrices = 0.8;
constexpr double kRounded = 0.999;

bool in_mlp(const MatrixChange& change) {
  return change.kind == RoleKind::gate || change.kind == RoleKind::up ||
         change.kind == RoleKind::down;
}

bool attention_moved(const ForensicEvidence& evidence) {
  double sum = 0;
  int count = 0;
  for (const MatrixChange& change : evidence.changes.matrices) {
    if (in_mlp(change) || !change.pattern) continue;
    sum += change.pattern->slope;
    ++count;
  }
  return count > 0 && sum / count < kAttentionKept;
}

/// Matrices whose elements answer each other one by one.
std::vector<const MatrixChange*> aligned(const ForensicEvidence& evidence) {
  std::vector<const MatrixChange*> result;
  if (evidence.layers.basis != forensics::MapBasis::order || scales_moved(evidence)) return result;
  const bool mlp_only = attention_moved(evidence);
  for (const MatrixChange& change : evidence.changes.matrices) {
    if (!mlp_only || in_mlp(change)) result.push_back(&change);
  }
  return result;
}

template <class Predicate>
double share_of(const std::vector<const MatrixChange*>& matrices, Predicate predicate) {
  if (matrices.empty()) return 0;
  return static_cast<double>(std::ranges::count_if(
             matrices, [&](const MatrixChange* change) { return predicate(*change); })) /
         static_cast<double>(matrices.size());
}

template <class Value>
std::optional<double> median_of(const std::vector<const MatrixChange*>& matrices, Value value) {
  std::vector<double> values;
  for (const MatrixChange* change : matrices) {
    if (const std::optional<double> number = value(*change)) values.push_back(*number);
  }
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

std::string list(const std::set<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

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

std::vector<const MatrixChange*> all_of(const ForensicEvidence& evidence) {
  std::vector<const MatrixChange*> result;
  for (const MatrixChange& change : evidence.changes.matrices) result.push_back(&change);
  return result;
}

std::optional<Finding> find_quantisation(const ForensicEvidence& evidence, const Side& side) {
  const auto matrices = all_of(evidence);
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
      stated ? fmt::format("{} is stored on a grid ({}), {} is not", side.child, list(names),
                           side.parent)
             : fmt::format("{} lies on a grid ({}), {} does not; chance of that 1e{:.0f}",
                           side.child, list(names), side.parent, chance);
  const auto rounded = median_of(
      matrices, [&](const MatrixChange& change) { return change.*side.child_is_rounded; });
  Finding finding{{"quantised", seen, rounded}, Direction::undetermined, ""};
  if (rounded && *rounded >= kRounded) {
    finding.operation.detail += fmt::format("; {:.2f} % of the values of {} round to those of {}",
                                            100 * *rounded, side.parent, side.child);
    finding.direction = side.direction;
    finding.proof =
        fmt::format("{} is {} rounded to that grid, and rounding loses what nobody can put back.",
                    side.child, side.parent);
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
  const auto matrices = aligned(evidence);
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
  return Finding{
      {"pruned",
       fmt::format("{}: {:.1f} % of the weights of {} are zero where {} has none",
                   patterned ? "2:4 pattern" : "unstructured", 100 * *zeros, side.child,
                   side.parent),
       zeros},
      side.direction,
      fmt::format("The weights that are zero in {} are not zero in {}, and zeros do not tell what "
                  "they were.",
                  side.child, side.parent)};
}

std::optional<Finding> find_adapter(const std::vector<const MatrixChange*>& matrices) {
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

std::optional<Finding> find_noise(const std::vector<const MatrixChange*>& matrices) {
  const auto noisy = [](const MatrixChange& change) {
    return change.spectrum && change.spectrum->kind == DifferenceKind::noise;
  };
  if (matrices.empty() || share_of(matrices, noisy) < kMostMatrices) return std::nullopt;
  const auto sigma = median_of(matrices, [](const MatrixChange& change) {
    return change.spectrum ? std::optional(change.spectrum->relative_norm) : std::nullopt;
  });
  return Finding{{"noised",
                  fmt::format("the differences have the flat spectrum of independent noise, "
                              "sigma {:.2f} % of the weights",
                              100 * *sigma),
                  sigma},
                 Direction::undetermined,
                 ""};
}

/// Many weights exactly where they were beside many that moved: dropped or trimmed task vectors.
std::optional<Finding> find_sparse_difference(const std::vector<const MatrixChange*>& matrices) {
  constexpr double kUntouched = 0.2;
  const auto sparse = [](const MatrixChange& change) {
    return change.pattern && change.pattern->untouched > kUntouched &&
           change.pattern->untouched > 3 * change.pattern->untouched_chance &&
           change.pattern->equal < 0.999;
  };
  if (matrices.empty() || share_of(matrices, sparse) < kMostMatrices) return std::nullopt;
  const auto untouched = median_of(matrices, [](const MatrixChange& change) {
    return change.pattern ? std::optional(change.pattern->untouched) : std::nullopt;
  });
  const auto hole = median_of(matrices, [](const MatrixChange& change) {
    return change.pattern ? std::optional(change.pattern->hole) : std::nullopt;
  });
  constexpr double kHole = 0.1;
  const bool trimmed = hole.value_or(0) > kHole;
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

/// Of the child on the parent. The pattern knows that of B on A, and how much of B it leaves, which
/// gives the other one: cos^2 = 1 - residual^2 = slope * slope of A on B.
std::vector<double> slopes_of(const std::vector<const MatrixChange*>& matrices, bool b_is_child) {
  std::vector<double> slopes;
  for (const MatrixChange* change : matrices) {
    if (!change->pattern || change->pattern->slope == 0) continue;
    const double slope = change->pattern->slope, residual = change->pattern->residual;
    slopes.push_back(b_is_child ? slope : (1 - residual * residual) / slope);
  }
  return slopes;
}

/// One slope in all matrices: the other model times a constant, and a remainder that has nothing to
/// do with it.
std::optional<Finding> find_linear_share(const std::vector<const MatrixChange*>& matrices,
                                         bool b_is_child) {
  constexpr std::size_t kFewest = 8;
  constexpr double kSpread = 0.01, kWhole = 0.97;
  const std::vector<double> slopes = slopes_of(matrices, b_is_child);
  if (slopes.size() < kFewest) return std::nullopt;
  double mean = 0, square = 0;
  for (double slope : slopes) mean += slope / static_cast<double>(slopes.size());
  for (double slope : slopes)
    square += (slope - mean) * (slope - mean) / static_cast<double>(slopes.size());
  if (mean > kWhole || mean < kMaterialCosine || std::sqrt(square) > kSpread) return std::nullopt;
  return Finding{
      {"merged",
       fmt::format("linear, with a model that shares nothing with {}: every one of {} matrices is "
                   "{:.3f} times that of {} (spread {:.3f}) and a remainder",
                   b_is_child ? 'A' : 'B', slopes.size(), mean, b_is_child ? 'A' : 'B',
                   std::sqrt(square)),
       mean},
      Direction::undetermined,
      ""};
}

double mean_likeness(const ForensicEvidence& evidence) {
  double sum = 0;
  std::size_t count = 0;
  for (const forensics::LayerSource& entry : evidence.layers.of_b) {
    if (!entry.source) continue;
    sum += entry.effect;
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

std::optional<Finding> find_training(const ForensicEvidence& evidence,
                                     const std::vector<const MatrixChange*>& matrices) {
  const auto moved = [](const MatrixChange& change) {
    return change.pattern && change.pattern->equal < 1;
  };
  if (share_of(matrices, moved) == 0) return std::nullopt;
  const double cosine = mean_likeness(evidence);
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

std::vector<Finding> find_value_losses(const ForensicEvidence& evidence) {
  std::vector<Finding> findings;
  for (const Side& side : {kForward, kBackward}) {
    const std::size_t before = findings.size();
    add(findings, find_quantisation(evidence, side));
    if (findings.size() > before) continue;  // a grid explains its zeros and its short floats
    add(findings, find_rounding(evidence, side));
    add(findings, find_sparsity(evidence, side));
  }
  return findings;
}

std::vector<Finding> find_value_changes(const ForensicEvidence& evidence) {
  const auto matrices = aligned(evidence);
  std::vector<Finding> findings;
  add(findings, find_noise(matrices));  // noise too leaves one slope in all matrices
  for (const bool b_is_child : {true, false}) {
    if (findings.empty()) add(findings, find_linear_share(matrices, b_is_child));
  }
  if (findings.empty()) add(findings, find_sparse_difference(matrices));
  if (findings.empty()) add(findings, find_adapter(matrices));
  if (findings.empty()) add(findings, find_training(evidence, matrices));
  return findings;
}

}  // namespace prov::verdict
