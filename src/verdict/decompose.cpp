#include "provenancekit/decompose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/parallel_for.hpp"
#include "base/printable.hpp"
#include "base/try.hpp"
#include "model/model.hpp"
#include "verdict/adapter_pair.hpp"
#include "verdict/merge_evidence.hpp"
#include "verdict/merge_measures.hpp"
#include "verdict/merge_operator.hpp"
#include "verdict/merge_parts.hpp"
#include "verdict/merge_thresholds.hpp"
#include "verdict/model_summary.hpp"
#include "verdict/whole_model.hpp"

namespace prov {
namespace {

constexpr std::size_t kMostCandidates = 64;

struct OpenedModel {
  model::Model model;
  ModelSummary summary;
};

/// Adapters are merged onto their bases.
Result<OpenedModel> open(const std::string& reference, const verdict::BasesAtHand& bases) {
  OpenedModel opened;
  PROV_TRY(opened.model, model::open_model(reference));
  std::string base;
  if (verdict::is_adapter(opened.model)) {
    PROV_TRY(verdict::WholeCheckpoint whole,
             verdict::merge_onto_base(opened.model, reference, bases));
    opened.model.checkpoint = std::move(whole.checkpoint);
    base = std::move(whole.base);
  }
  PROV_TRY(opened.summary, verdict::summarise_with_config(opened.model, reference));
  if (!base.empty()) {
    opened.summary.notes.push_back(
        fmt::format("an adapter, merged onto {}", base::printable(base)));
  }
  return opened;
}

/// The error is that of the first that cannot be opened.
Result<std::vector<OpenedModel>> open_all(const std::vector<std::string>& references,
                                          const verdict::BasesAtHand& bases) {
  std::vector<std::optional<Result<OpenedModel>>> opened(references.size());
  base::parallel_for(references.size(), base::worker_count(),
                     [&](std::size_t i) { opened[i] = open(references[i], bases); });
  std::vector<OpenedModel> models;
  for (auto& result : opened) {
    PROV_TRY(OpenedModel model, *std::move(result));
    models.push_back(std::move(model));
  }
  return models;
}

void announce(const DecomposeOptions& options, std::string_view phase) {
  if (options.progress != nullptr) options.progress->phase(phase);
}

bool contains(const std::vector<std::size_t>& models, std::size_t model) {
  return std::ranges::find(models, model) != models.end();
}

bool is_in_slices(const Decomposition& result, std::size_t model) {
  return std::ranges::any_of(result.slices,
                             [&](const MergeSlice& slice) { return slice.candidate == model; });
}

/// What a parent takes away in the forward selection, in words; empty if it never was tried best.
std::string attempt_words(const Decomposition& result, std::size_t model) {
  for (const SelectionStep& step : result.steps) {
    if (step.candidate == model) {
      return fmt::format("takes away {:.1f} % of what is left over at its turn",
                         100 * step.explained);
    }
    if (!step.accepted && step.runner_up == model) {
      return fmt::format("would take away {:.1f} % of what the parents leave over",
                         100 * step.runner_up_explained);
    }
  }
  return "";
}

void describe_candidate(Decomposition& result, const verdict::MergeEvidence& evidence,
                        std::size_t model) {
  MergeCandidate& candidate = result.candidates[model];
  const auto& obstacle = evidence.sites.obstacles[model];
  if (!obstacle && evidence.core.child_square() > 0) {
    candidate.relative_difference =
        std::sqrt(evidence.core.at(model, model) / evidence.core.child_square());
  }
  const bool single_elements = evidence.sparse && contains(evidence.parents, model);
  const std::string attempt = single_elements ? "" : attempt_words(result, model);
  const bool passthrough = !result.slices.empty();
  // A pointer: g++ 12 takes the value of an optional that was tested for uninitialised.
  const std::size_t* original = nullptr;
  if (model < evidence.copy_of.size() && evidence.copy_of[model])
    original = &*evidence.copy_of[model];
  if (result.base == model) {
    candidate.status = CandidateStatus::base;
    candidate.why = result.base_given ? "given" : "found: differences to it were added";
  } else if (passthrough ? is_in_slices(result, model) : contains(evidence.parents, model)) {
    candidate.status = CandidateStatus::parent;
    candidate.why = passthrough       ? "layers of the child are its layers"
                    : attempt.empty() ? "its differences are found in the child element by element"
                                      : attempt;
  } else if (obstacle && evidence.child_layers > 0) {
    candidate.status = CandidateStatus::not_comparable;
    candidate.why = *obstacle;
  } else {
    candidate.status = CandidateStatus::not_needed;
    candidate.why = passthrough       ? "no layer of the child comes from it"
                    : original        ? "equals " + result.candidates[*original].model.reference
                    : attempt.empty() ? "explains less than others do"
                                      : attempt;
  }
}

void add_warnings(Decomposition& result, const verdict::MergeEvidence& evidence) {
  for (const TaskVectorCorrelation& pair : result.correlations) {
    if (std::abs(pair.correlation) <= verdict::kCollinear) continue;
    result.notes.push_back(
        fmt::format("The differences of {} and {} to the base are nearly the same (correlation "
                    "{:.3f}): how the weight divides between the two is uncertain.",
                    result.candidates[pair.a].model.reference,
                    result.candidates[pair.b].model.reference, pair.correlation));
  }
  if (result.base_given && result.base && evidence.sites.obstacles[*result.base]) {
    result.notes.push_back(
        fmt::format("The base cannot be compared: {}.", *evidence.sites.obstacles[*result.base]));
  }
}

void add_steps(Decomposition& result, const verdict::MergeEvidence& evidence) {
  for (const forensics::SelectionAttempt& attempt : evidence.selection.attempts) {
    result.steps.push_back({attempt.model, attempt.explained, attempt.left, attempt.accepted,
                            attempt.runner_up, attempt.runner_up_explained});
  }
}

void add_weights(Decomposition& result, const verdict::MergeEvidence& evidence) {
  result.terms = evidence.terms();
  const std::vector<Estimate> weights = verdict::overall_weights(evidence);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    MergeCandidate& candidate = result.candidates[result.terms[i]];
    candidate.weight = weights[i];
    candidate.factor = weights[i].value;
  }
  result.gain = evidence.gain_of(evidence.layers);
  result.explained = evidence.explained_of(evidence.layers);
  result.layers = verdict::layer_parts(evidence);
  result.modules = verdict::module_parts(evidence);
  result.correlations = verdict::task_vector_correlations(evidence);
  if (evidence.slerp) result.t = evidence.slerp->mean_t;
}

/// Recipes of SLERP state the place on the arc. The factors there exceed it a little, by the angle
/// between the parents; their errors are those of the place.
void state_as_on_the_arc(Decomposition& result) {
  if (!result.t || result.terms.size() != 2) return;
  const double t = *result.t;
  auto& first = result.candidates[result.terms[0]].weight;
  auto& second = result.candidates[result.terms[1]].weight;
  if (first) first->value = 1 - t;
  if (second) second->value = t;
}

void drop_arc(Decomposition& result) {
  result.t.reset();
  for (MergePart& part : result.layers) part.t.reset();
  for (MergePart& part : result.modules) part.t.reset();
}

}  // namespace

Result<Decomposition> decompose(std::string_view child, std::span<const std::string> candidates,
                                const DecomposeOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::string> references;
  if (!options.base.empty()) references.push_back(options.base);
  references.insert(references.end(), candidates.begin(), candidates.end());
  if (candidates.empty() || references.size() > kMostCandidates) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("{} candidates; 1 to {} are compared at once",
                                        references.size(), kMostCandidates)};
  }
  announce(options, "opening models");
  const verdict::BasesAtHand bases{options.base, references};
  PROV_TRY(OpenedModel opened_child, open(std::string(child), bases));
  PROV_TRY(std::vector<OpenedModel> models, open_all(references, bases));
  std::vector<const model::Checkpoint*> checkpoints;
  for (const OpenedModel& opened : models) checkpoints.push_back(&opened.model.checkpoint);

  announce(options, "reading sampled weights");
  const std::optional<std::size_t> base =
      options.base.empty() ? std::nullopt : std::optional<std::size_t>(0);
  PROV_TRY(const verdict::MergeEvidence evidence,
           verdict::gather_merge_evidence(opened_child.model.checkpoint, checkpoints, base,
                                          options.stop));
  PROV_CHECK(opened_child.model.checkpoint.verify_unchanged());
  for (const model::Checkpoint* checkpoint : checkpoints)
    PROV_CHECK(checkpoint->verify_unchanged());

  Decomposition result;
  verdict::OperatorFinding finding = verdict::name_operator(evidence, references);
  result.merge_operator = finding.merge_operator;
  result.reasons = std::move(finding.reasons);
  result.notes = std::move(finding.notes);
  result.numbers = std::move(finding.numbers);
  result.slices = std::move(finding.slices);
  result.measures = verdict::measure_merge(evidence);
  result.base_given = base.has_value();
  result.base = base ? base : evidence.base;
  for (OpenedModel& opened : models) {
    result.candidates.emplace_back();
    result.candidates.back().model = std::move(opened.summary);
  }
  result.child = std::move(opened_child.summary);
  if (result.slices.empty()) {
    add_steps(result, evidence);
    add_weights(result, evidence);
    if (result.merge_operator == MergeOperator::slerp) {
      state_as_on_the_arc(result);
    } else {
      drop_arc(result);
    }
  } else if (!base) {
    result.base.reset();
  }
  for (std::size_t i = 0; i < result.candidates.size(); ++i)
    describe_candidate(result, evidence, i);
  add_warnings(result, evidence);
  result.total_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace prov
