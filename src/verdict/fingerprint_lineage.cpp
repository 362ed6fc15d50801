#include "verdict/fingerprint_lineage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fingerprint/compare_responses.hpp"
#include "fingerprint/compare_samples.hpp"
#include "verdict/lineage_class.hpp"
#include "verdict/lineage_evidence.hpp"
#include "verdict/lineage_layers.hpp"
#include "verdict/lineage_thresholds.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;

ForensicEvidence evidence_of(const fingerprint::Standard& a, const fingerprint::Standard& b) {
  ForensicEvidence evidence;
  // Whatever a fingerprint describes are weights whose roles are known.
  evidence.a.tensors = evidence.a.explained = a.mlps.size() + a.samples.size();
  evidence.b.tensors = evidence.b.explained = b.mlps.size() + b.samples.size();
  evidence.hidden = fingerprint::compare_samples(a, b);
  evidence.search = fingerprint::compare_responses(a, b);
  evidence.layers = forensics::find_correspondence(evidence.hidden, &evidence.search);
  // At most eight MLPs are sampled, and 32 described.
  evidence.layers.complete = false;
  return evidence;
}

/// Highest cosine of the sampled units of two MLPs.
std::optional<double> strongest_sample(const ForensicEvidence& evidence) {
  std::optional<double> strongest;
  for (const auto& cell : evidence.hidden.order.cells) {
    if (cell) strongest = std::max(strongest.value_or(0), cell->effect);
  }
  return strongest;
}

/// Few units are kept of an MLP: what lies near the line between an early branch and a copy is the
/// weaker of the two.
void doubt(Judgement& judgement, const ForensicEvidence& evidence) {
  if (judgement.lineage_class != LineageClass::same_lineage ||
      evidence.layers.basis != forensics::MapBasis::order)
    return;
  const double strongest = strongest_sample(evidence).value_or(0);
  if (strongest >= kNearCopySampleCosine) return;
  judgement.lineage_class = LineageClass::shared_initialisation;
  judgement.reasons.push_back(
      fmt::format("The highest cosine of {:.2f} is as near to an early branch as to a copy, and "
                  "only a sample was compared.",
                  strongest));
}

bool is_positive(LineageClass lineage_class) {
  return lineage_class == LineageClass::same_lineage ||
         lineage_class == LineageClass::shared_initialisation;
}

/// Why nothing is said, with the numbers that there are.
std::string silence(const ForensicEvidence& evidence) {
  const forensics::BasisMatch& tokens = evidence.search.tokens;
  if (!tokens.missing.empty())
    return fmt::format("The units could not be compared by tokens: {}.", tokens.missing);
  const std::string counts = fmt::format("{} of {} matched hidden units agree, chance gives {}",
                                         tokens.agreeing, tokens.units, tokens.expected);
  return tokens.share() >= kUnitVeto
             ? fmt::format("More than strangers show, too little for a proof: {}.", counts)
             : fmt::format("No kinship shows in the fingerprints: {}.", counts);
}

}  // namespace

Lineage lineage_of_fingerprints(const fingerprint::FingerprintFile& a,
                                const fingerprint::FingerprintFile& b) {
  Lineage lineage;
  if (!a.standard || !b.standard) {
    lineage.reasons = {"Weights were not compared: a fingerprint has no standard part."};
    return lineage;
  }
  const ForensicEvidence evidence = evidence_of(*a.standard, *b.standard);
  lineage.evidence = describe_evidence(evidence);
  lineage.layer_map = describe_layers(evidence.layers);
  const bool by_order = evidence.layers.basis == forensics::MapBasis::order;
  lineage.measures = {{"sample_cosine", by_order ? strongest_sample(evidence) : std::nullopt}};
  Judgement judgement = judge_class(evidence);
  doubt(judgement, evidence);
  if (is_positive(judgement.lineage_class)) {
    lineage.lineage_class = judgement.lineage_class;
    lineage.reasons = std::move(judgement.reasons);
  } else {
    lineage.reasons = {"Weights were not compared, only what fingerprints keep of them.",
                       silence(evidence)};
  }
  if (a.sketch && b.sketch && a.sketch->weights == b.sketch->weights)
    lineage.reasons.emplace_back(
        a.sketch->sampled
            ? "All names, shapes and sampled values are equal; the other values were not compared."
            : "The hashes over all names, shapes and values are equal; the values were not "
              "compared.");
  return lineage;
}

}  // namespace prov::verdict
