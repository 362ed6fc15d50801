#include "verdict/relation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/lineage_summary.hpp"
#include "verdict/lineage_thresholds.hpp"
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

/// Findings speak against each other: no direction is better than a wrong one.
bool contradict(const std::vector<Finding>& findings) {
  const auto says = [&](Direction direction) {
    return std::ranges::find(findings, direction, &Finding::direction) != findings.end();
  };
  return says(Direction::a_to_b) && says(Direction::b_to_a);
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
  const std::vector<Finding> losses = find_value_losses(evidence);
  append(findings, losses);
  append(findings, find_reparameterisations(evidence));
  // What rounding or zeroing did to the values hides what else was done.
  if (losses.empty()) append(findings, find_value_changes(evidence));
  Relation relation;
  for (const Finding& finding : findings) relation.operations.push_back(finding.operation);
  // A vocabulary that grew goes with training that says more of the relation.
  const auto is_main = [](const Operation& operation) {
    return !operation.kind.starts_with("vocabulary-");
  };
  const auto main = std::ranges::find_if(relation.operations, is_main);
  if (main != relation.operations.end()) {
    relation.name = main->kind;
    std::rotate(relation.operations.begin(), main, main + 1);
  } else if (!relation.operations.empty()) {
    relation.name = relation.operations.front().kind;
  }
  for (const Operation& operation : relation.operations)
    relation.reasons.push_back(fmt::format("{}: {}.", operation.kind, operation.detail));
  decide_direction(relation, findings);
  return relation;
}

}  // namespace prov::verdict
