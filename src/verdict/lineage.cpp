#include "verdict/lineage.hpp"

#include "verdict/calibration.hpp"
#include "verdict/lineage_class.hpp"
#include "verdict/lineage_conflicts.hpp"
#include "verdict/lineage_evidence.hpp"
#include "verdict/lineage_layers.hpp"
#include "verdict/lineage_measures.hpp"
#include "verdict/relation.hpp"

namespace prov::verdict {

namespace {

/// Equal values need no statistics; otherwise what the zoo says of evidence this strong.
std::optional<double> probability_of(const Lineage& lineage) {
  if (lineage.lineage_class == LineageClass::identical) return 1.0;
  const std::optional<StrengthBand> band = strength_band(lineage.evidence);
  if (!band) return std::nullopt;
  return calibrated_probability(*band);
}

}  // namespace

Lineage decide_lineage(const forensics::ForensicEvidence& evidence) {
  Judgement judgement = judge_class(evidence);
  Lineage lineage;
  lineage.lineage_class = judgement.lineage_class;
  lineage.reasons = std::move(judgement.reasons);
  lineage.layer_map = describe_layers(evidence.layers);
  Relation relation = find_relation(evidence, lineage.lineage_class);
  lineage.relation = std::move(relation.name);
  lineage.operations = std::move(relation.operations);
  lineage.direction = relation.direction;
  if (lineage.lineage_class == LineageClass::same_lineage &&
      lineage.direction != Direction::undetermined)
    lineage.lineage_class = LineageClass::derived;
  lineage.reasons.insert(lineage.reasons.end(), relation.reasons.begin(), relation.reasons.end());
  lineage.conflicts = find_conflicts(evidence, lineage.lineage_class);
  lineage.evidence = describe_evidence(evidence);
  lineage.measures = measure(evidence);
  lineage.agreement = evidence.agreement.roles;
  lineage.probability = probability_of(lineage);
  return lineage;
}

}  // namespace prov::verdict
