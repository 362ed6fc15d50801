#include "verdict/merge_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

namespace prov::verdict {
namespace {

using forensics::MergeGram;

std::vector<Estimate> weights_of(const MergeEvidence& evidence, const MergeGram& gram) {
  std::vector<Estimate> weights;
  const auto fit = forensics::fit_merge(gram, evidence.fitted());
  if (!fit) return weights;
  for (std::size_t i = 0; i < evidence.terms().size(); ++i)
    weights.push_back({fit->weights[i], fit->errors[i]});
  return weights;
}

MergePart part_of(const MergeEvidence& evidence, std::string name, const MergeGram& gram) {
  MergePart part{.name = std::move(name), .elements = gram.elements};
  part.weights = weights_of(evidence, gram);
  part.gain = evidence.gain_of(std::span(&gram, 1));
  part.explained = evidence.explained_of(std::span(&gram, 1));
  return part;
}

/// Every term has a counterpart of the site's shape.
bool has_all_terms(const MergeEvidence& evidence, const forensics::MergeSite& site) {
  return std::ranges::all_of(evidence.terms(),
                             [&](std::size_t model) { return site.models[model].has_value(); });
}

}  // namespace

std::vector<Estimate> overall_weights(const MergeEvidence& evidence) {
  return weights_of(evidence, evidence.core);
}

std::vector<MergePart> layer_parts(const MergeEvidence& evidence) {
  std::vector<MergePart> parts;
  if (evidence.terms().empty()) return parts;
  for (std::size_t i = 0; i < evidence.layers.size(); ++i) {
    const int layer = evidence.layer_numbers[i];
    parts.push_back(part_of(evidence, fmt::format("layer {}", layer), evidence.layers[i]));
    parts.back().layer = layer;
    if (!evidence.slerp) continue;
    parts.back().t = forensics::mean_t(*evidence.slerp, [&](std::size_t site) {
      return evidence.sites.sites[site].layer == layer;
    });
  }
  return parts;
}

std::vector<MergePart> module_parts(const MergeEvidence& evidence) {
  std::vector<MergePart> parts;
  if (evidence.terms().empty()) return parts;
  std::map<std::string, MergeGram> modules;
  const std::size_t candidates = evidence.core.zero_model();
  for (std::size_t s = 0; s < evidence.sums.size(); ++s) {
    const forensics::MergeSite& site = evidence.sites.sites[s];
    if (has_all_terms(evidence, site))
      modules.try_emplace(site.module, candidates).first->second += evidence.sums[s].gram;
  }
  for (const auto& [module, gram] : modules) {
    parts.push_back(part_of(evidence, module, gram));
    if (!evidence.slerp) continue;
    parts.back().t = forensics::mean_t(*evidence.slerp, [&](std::size_t site) {
      return evidence.sites.sites[site].module == module;
    });
  }
  return parts;
}

std::optional<WeightSchedule> widest_schedule(const MergeEvidence& evidence) {
  std::optional<WeightSchedule> widest;
  const std::vector<Estimate> weights = overall_weights(evidence);
  const std::vector<MergePart> parts = layer_parts(evidence);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    WeightSchedule schedule{weights[i].value, weights[i].value};
    for (const MergePart& part : parts) {
      if (part.weights.empty()) continue;
      schedule.least = std::min(schedule.least, part.weights[i].value);
      schedule.most = std::max(schedule.most, part.weights[i].value);
    }
    if (!widest || schedule.most - schedule.least > widest->most - widest->least) widest = schedule;
  }
  return widest;
}

std::vector<TaskVectorCorrelation> task_vector_correlations(const MergeEvidence& evidence) {
  std::vector<TaskVectorCorrelation> correlations;
  if (!evidence.base) return correlations;
  for (std::size_t i = 0; i < evidence.parents.size(); ++i) {
    for (std::size_t j = i + 1; j < evidence.parents.size(); ++j) {
      const std::size_t a = evidence.parents[i], b = evidence.parents[j];
      const auto value = forensics::task_vector_correlation(evidence.core, *evidence.base, a, b);
      if (value) correlations.push_back({a, b, *value});
    }
  }
  return correlations;
}

}  // namespace prov::verdict
