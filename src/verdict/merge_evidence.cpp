#include "verdict/merge_evidence.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "verdict/merge_thresholds.hpp"

namespace prov::verdict {
namespace {

using forensics::MergeGram;

/// What storing a mixture of `models` loses.
double rounding_of(const MergeEvidence& evidence, std::span<const std::size_t> models) {
  double sum = 0;
  for (std::size_t s = 0; s < evidence.sums.size(); ++s) {
    if (evidence.sites.sites[s].core) sum += evidence.sums[s].rounding(models);
  }
  return sum;
}

void sum_up_layers(MergeEvidence& evidence, std::size_t candidates) {
  std::map<int, MergeGram> layers;
  evidence.core = MergeGram(candidates);
  for (std::size_t s = 0; s < evidence.sums.size(); ++s) {
    if (!evidence.sites.sites[s].core) continue;
    const auto place = layers.try_emplace(evidence.sites.sites[s].layer, candidates).first;
    place->second += evidence.sums[s].gram;
    evidence.core += evidence.sums[s].gram;
  }
  for (auto& [layer, gram] : layers) {
    evidence.layer_numbers.push_back(layer);
    evidence.layers.push_back(std::move(gram));
  }
}

double residual(const MergeEvidence& evidence, std::vector<std::size_t> models) {
  models.push_back(evidence.core.zero_model());
  return forensics::layered_residual(evidence.layers, models);
}

bool is_significant(const MergeEvidence& evidence, std::size_t model) {
  const std::vector<std::size_t> models = evidence.fitted();
  const auto fit = forensics::fit_merge(evidence.core, models);
  if (!fit) return false;
  const auto at = static_cast<std::size_t>(std::ranges::find(models, model) - models.begin());
  return std::abs(fit->weights[at]) > kWeightInErrors * fit->errors[at];
}

/// Whether a known base has a weight of its own beside the parents.
void weigh_given_base(MergeEvidence& evidence) {
  if (!evidence.base || evidence.parents.empty()) return;
  const double without = residual(evidence, evidence.parents);
  evidence.base_takes_part = true;
  const double with = residual(evidence, evidence.terms());
  evidence.base_takes_part =
      with <= (1 - kLeastGain) * without && is_significant(evidence, *evidence.base);
}

/// Differences to an ancestor subtract it: the parent with a negative weight is the base.
void find_subtracted_base(MergeEvidence& evidence) {
  if (evidence.base || evidence.parents.size() < 2) return;
  const std::vector<std::size_t> models = evidence.fitted();
  const auto fit = forensics::fit_merge(evidence.core, models);
  if (!fit) return;
  std::size_t lowest = 0;
  for (std::size_t i = 1; i < evidence.parents.size(); ++i) {
    if (fit->weights[i] < fit->weights[lowest]) lowest = i;
  }
  if (fit->weights[lowest] >= -kWeightInErrors * fit->errors[lowest]) return;
  evidence.base = evidence.parents[lowest];
  evidence.base_takes_part = true;
  evidence.parents.erase(evidence.parents.begin() + static_cast<std::ptrdiff_t>(lowest));
}

bool is_sparse(const forensics::SparseMerge& merge) {
  return !merge.parents.empty() && merge.untouched >= kUntouched &&
         merge.mixed_sites >= kMixedSites && merge.explained >= kElementsExplained &&
         drop_pattern(merge) != DropPattern::neither;
}

/// Where the fit leaves more than rounding: perhaps elements were dropped. Without a base each
/// candidate is tried as one that the child equals often enough.
void find_sparse_merge(MergeEvidence& evidence, std::span<const std::size_t> distinct) {
  if (evidence.is_exact()) return;
  std::vector<std::size_t> bases(distinct.begin(), distinct.end());
  if (evidence.given_base) bases = {*evidence.given_base};
  std::erase_if(bases, [&](std::size_t base) {
    const double equal = forensics::equal_share(evidence.sums, base);
    evidence.equal_to_base = std::max(evidence.equal_to_base.value_or(equal), equal);
    return equal < kUntouched;
  });
  std::vector<forensics::SparseMerge> merges(bases.size());
  base::parallel_for(bases.size(), base::worker_count(), [&](std::size_t i) {
    merges[i] = forensics::measure_sparse_merge(evidence.sums, bases[i], distinct);
  });
  for (forensics::SparseMerge& merge : merges) {
    const auto& nearest = evidence.nearest_sparse;
    if (!merge.parents.empty() && (!nearest || merge.explained > nearest->explained))
      evidence.nearest_sparse = merge;
    if (is_sparse(merge) && (!evidence.sparse || merge.explained > evidence.sparse->explained))
      evidence.sparse = std::move(merge);
  }
  if (!evidence.sparse) return;
  evidence.parents.clear();
  for (const forensics::SparseParent& parent : evidence.sparse->parents)
    evidence.parents.push_back(parent.model);
  std::ranges::sort(evidence.parents);
  evidence.base = evidence.sparse->base;
  evidence.base_takes_part = true;
}

/// The mean of independent relatives, an ancestor's descendants for instance, is nearer to it than
/// each of them, though it was not made of them. What such a mean leaves follows from the distances
/// alone; parents leave much less, because the child lies between them.
void leave_out_relatives(MergeEvidence& evidence) {
  const std::vector<std::size_t> terms = evidence.terms();
  if (terms.size() < 2 || evidence.sparse || evidence.is_exact()) return;
  double expected = 0;
  for (const MergeGram& layer : evidence.layers) {
    double inverse = 0;
    for (const std::size_t model : terms) inverse += 1 / layer.at(model, model);
    expected += 1 / inverse;
  }
  if (!(expected > 0)) return;
  evidence.left_by_relatives = residual(evidence, terms) / expected;
  if (*evidence.left_by_relatives < kBetweenParents) return;
  evidence.relatives = terms;
  evidence.parents.clear();
  evidence.base = evidence.given_base;
  evidence.base_takes_part = false;
}

/// Candidates that can be fitted and are no copies of others; the base first, if it is one.
std::vector<std::size_t> find_distinct(MergeEvidence& evidence) {
  std::vector<std::size_t> distinct;
  evidence.copy_of.resize(evidence.core.zero_model());
  for (std::size_t model = 0; model < evidence.copy_of.size(); ++model) {
    if (evidence.sites.obstacles[model]) continue;
    const auto original = std::ranges::find_if(distinct, [&](std::size_t other) {
      const double rounding = rounding_of(evidence, std::array{model, other});
      const MergeGram& core = evidence.core;
      const double square =
          core.at(model, model) - 2 * core.at(model, other) + core.at(other, other);
      return square <= kCopyInRoundings * rounding;
    });
    if (original == distinct.end()) {
      distinct.push_back(model);
    } else {
      evidence.copy_of[model] = *original;
    }
  }
  return distinct;
}

}  // namespace

DropPattern drop_pattern(const forensics::SparseMerge& merge) {
  bool by_size = true, at_random = true;
  for (const forensics::SparseParent& parent : merge.parents) {
    const double share = parent.untouched_where_large / merge.untouched;
    by_size = by_size && share <= kTrimmedBySize;
    at_random = at_random && share >= kDroppedAtRandom && share <= 1 / kDroppedAtRandom;
  }
  return by_size ? DropPattern::by_size : at_random ? DropPattern::at_random : DropPattern::neither;
}

double kept_share(const forensics::SparseMerge& merge) {
  return 1 - std::pow(merge.untouched, 1 / static_cast<double>(merge.parents.size()));
}

std::vector<std::size_t> MergeEvidence::terms() const {
  std::vector<std::size_t> models = parents;
  if (base && base_takes_part) models.push_back(*base);
  return models;
}

std::vector<std::size_t> MergeEvidence::fitted() const {
  std::vector<std::size_t> models = terms();
  models.push_back(core.zero_model());
  return models;
}

std::optional<double> MergeEvidence::residual_in_roundings() const {
  const std::vector<std::size_t> models = fitted();
  const double rounding = rounding_of(*this, models);
  if (models.size() < 2 || !(rounding > 0)) return std::nullopt;
  double left = 0;
  for (std::size_t s = 0; s < sums.size(); ++s) {
    if (sites.sites[s].core) left += forensics::fit_residual(sums[s].gram, models);
  }
  return left / rounding;
}

bool MergeEvidence::is_exact() const {
  const auto left = residual_in_roundings();
  return left && *left <= kExactResidual;
}

std::optional<double> MergeEvidence::gain_of(std::span<const MergeGram> parts) const {
  if (terms().size() < 2) return std::nullopt;
  const double mixed = forensics::layered_residual(parts, fitted());
  std::optional<double> single;
  for (const std::size_t model : terms()) {
    const double left = forensics::layered_residual(parts, std::vector{model, core.zero_model()});
    single = std::min(single.value_or(left), left);
  }
  if (!(*single > 0)) return std::nullopt;
  return std::clamp(1 - mixed / *single, 0.0, 1.0);
}

std::optional<double> MergeEvidence::explained_of(std::span<const MergeGram> parts) const {
  if (terms().empty()) return std::nullopt;
  double all = 0;
  for (const MergeGram& part : parts) all += base ? part.at(*base, *base) : part.child_square();
  if (!(all > 0)) return std::nullopt;
  return std::clamp(1 - forensics::layered_residual(parts, fitted()) / all, 0.0, 1.0);
}

Result<MergeEvidence> gather_merge_evidence(const model::Checkpoint& child,
                                            std::span<const model::Checkpoint* const> candidates,
                                            std::optional<std::size_t> base,
                                            const std::stop_token& stop) {
  MergeEvidence evidence;
  evidence.sites = forensics::merge_sites(child, candidates);
  evidence.child_layers = forensics::count_layers(child);
  for (const model::Checkpoint* candidate : candidates)
    evidence.candidate_layers.push_back(forensics::count_layers(*candidate));
  PROV_TRY(evidence.sums, forensics::read_merge_sums(child, candidates, evidence.sites, stop));
  PROV_TRY(evidence.origins, forensics::find_layer_origins(child, candidates, stop));
  sum_up_layers(evidence, candidates.size());
  if (evidence.layers.empty()) return evidence;

  if (base && !evidence.sites.obstacles[*base]) evidence.given_base = base;
  evidence.base = evidence.given_base;
  const std::vector<std::size_t> distinct = find_distinct(evidence);
  std::vector<std::size_t> searched = distinct;
  std::erase_if(searched, [&](std::size_t model) { return evidence.given_base == model; });
  const forensics::SelectionRule rule{kLeastGain, kWeightInErrors, kBetterSwap,
                                      kExactResidual * rounding_of(evidence, searched)};
  evidence.selection = forensics::select_parents(evidence.layers, evidence.core, searched,
                                                 evidence.given_base, rule);
  evidence.parents = evidence.selection.parents;
  std::ranges::sort(evidence.parents);  // as given: t of SLERP runs from the first to the second
  weigh_given_base(evidence);
  find_subtracted_base(evidence);
  find_sparse_merge(evidence, distinct);
  leave_out_relatives(evidence);
  if (evidence.parents.size() == 2 && !evidence.base_takes_part) {
    evidence.slerp = forensics::slerp_schedule(evidence.sites, evidence.sums, evidence.parents[0],
                                               evidence.parents[1]);
  }
  return evidence;
}

}  // namespace prov::verdict
