#include "verdict/relation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "verdict/information_loss.hpp"
#include "verdict/reparameterisation.hpp"
#include "verdict/structural_change.hpp"
#include "verdict/value_change.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;

constexpr const char* kDirectionOpen =
    "The direction is undetermined: nothing proves which of the two came first, and likeness alone "
    "never does.";

void append(std::vector<Finding>& to, std::vector<Finding> from) {
  to.insert(to.end(), from.begin(), from.end());
}

Relation of_identical(const ForensicEvidence& evidence) {
  Relation relation;
  const auto& forms = evidence.repackaging.forms;
  relation.name = forms.empty() ? "identical" : "re-packaged";
  for (const std::string& form : forms)
    relation.operations.push_back({"re-packaged", form, std::nullopt});
  return relation;
}

/// Place in the order from the most drastic on: what hides most of the model's origin from one who
/// looks at the files comes first. A vocabulary that grew goes with training that says more.
std::size_t rank_of(const Operation& operation) {
  static constexpr std::array<std::string_view, 11> kOrder{"reparameterised",
                                                           "noised",
                                                           "merged",
                                                           "upcycled",
                                                           "upscaled",
                                                           "pruned",
                                                           "quantised",
                                                           "continued-pretraining",
                                                           "lora",
                                                           "fine-tuned",
                                                           "re-packaged"};
  const auto place = std::ranges::find(kOrder, operation.kind);
  return static_cast<std::size_t>(place - kOrder.begin());
}

/// Findings speak against each other: no direction is better than a wrong one.
bool contradict(const std::vector<Finding>& findings) {
  const auto says = [&](Direction direction) {
    return std::ranges::find(findings, direction, &Finding::direction) != findings.end();
  };
  const auto excludes = [&](Direction direction) {
    return std::ranges::find(findings, direction, &Finding::excluded) != findings.end();
  };
  const auto disputed = [&](Direction direction, Direction opposite) {
    return says(direction) && (says(opposite) || excludes(direction));
  };
  return disputed(Direction::a_to_b, Direction::b_to_a) ||
         disputed(Direction::b_to_a, Direction::a_to_b);
}

void decide_direction(Relation& relation, const std::vector<Finding>& findings) {
  if (contradict(findings)) {
    relation.reasons.emplace_back(
        "The direction is undetermined: some traces say that B was made from A, others the "
        "opposite; both may come from a third model.");
    return;
  }
  for (const Finding& finding : findings) {
    if (finding.direction == Direction::undetermined) continue;
    relation.direction = finding.direction;
    relation.reasons.push_back(fmt::format(
        "{}: {}",
        finding.direction == Direction::a_to_b ? "B was made from A" : "A was made from B",
        finding.proof));
  }
  if (relation.direction == Direction::undetermined) relation.reasons.emplace_back(kDirectionOpen);
}

}  // namespace

Relation find_relation(const ForensicEvidence& evidence, LineageClass lineage_class) {
  if (lineage_class == LineageClass::identical) return of_identical(evidence);
  if (lineage_class == LineageClass::shared_initialisation)
    return {.name = "shared-initialisation"};
  if (lineage_class != LineageClass::same_lineage) return {};

  std::vector<Finding> findings = find_structural_changes(evidence);
  const std::vector<Finding> losses = find_information_losses(evidence);
  append(findings, losses);
  append(findings, find_reparameterisations(evidence));
  // What rounding or zeroing did to the values hides what else was done.
  if (losses.empty()) append(findings, find_value_changes(evidence));
  Relation relation;
  for (const Finding& finding : findings) relation.operations.push_back(finding.operation);
  std::ranges::stable_sort(relation.operations, {}, rank_of);
  if (!relation.operations.empty()) relation.name = relation.operations.front().kind;
  for (const Operation& operation : relation.operations)
    relation.reasons.push_back(fmt::format("{}: {}.", operation.kind, operation.detail));
  decide_direction(relation, findings);
  return relation;
}

}  // namespace prov::verdict
