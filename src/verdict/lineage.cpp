#include "verdict/lineage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/printable.hpp"
#include "verdict/lineage_conflicts.hpp"
#include "verdict/lineage_evidence.hpp"
#include "verdict/lineage_summary.hpp"
#include "verdict/lineage_thresholds.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;

struct Judgement {
  LineageClass lineage_class = LineageClass::inconclusive;
  std::vector<std::string> reasons;
};

/// What the rules ask again and again.
struct Legs {
  std::optional<AxisSummary> order;
  std::optional<AxisSummary> geometry;
  std::optional<forensics::PermutationTest> residual;

  bool order_proof() const { return order && is_proof(*order); }
  bool geometry_proof() const { return geometry && is_proof(*geometry); }
  bool residual_proof() const {
    return residual && residual->z >= kProofZ && residual->cosine >= kResidualCosine;
  }
};

constexpr const char* kDirectionOpen =
    "Direction and kind of relation are open: fine-tuning, continued training, merging, "
    "quantisation, pruning and siblings of one parent are not told apart by this version.";
constexpr const char* kSharedSeedCaveat =
    "The test proves that randomness was shared: a common default seed of one code base would show "
    "as shared initialisation.";

std::optional<Judgement> judge_missing(const ForensicEvidence& evidence) {
  const bool none_a = evidence.a.tensors == 0, none_b = evidence.b.tensors == 0;
  if (none_a || none_b) {
    const char* who = none_a && none_b ? "Neither model has"
                      : none_a         ? "Model A has no"
                                       : "Model B has no";
    return Judgement{
        LineageClass::inconclusive,
        {fmt::format("{} weights that this version can read; metadata alone decides nothing.",
                     who)}};
  }
  const auto is_blank = [](const forensics::SideFacts& side) { return side.explained == 0; };
  if (!is_blank(evidence.a) && !is_blank(evidence.b)) return std::nullopt;
  const bool blank_a = is_blank(evidence.a);
  const char side = blank_a ? 'A' : 'B';
  const bool adapter = (blank_a ? evidence.a : evidence.b).declared.adapter;
  const char* reason =
      adapter ? "Model {} is an adapter: its weights are changes to a base model, which this "
                "version does not apply."
              : "No tensor name of model {} is understood, so no weights can be matched by role.";
  return Judgement{LineageClass::inconclusive, {fmt::format(fmt::runtime(reason), side)}};
}

std::optional<Judgement> judge_identical(const ForensicEvidence& evidence) {
  if (!evidence.values_equal) return std::nullopt;
  return Judgement{
      LineageClass::identical,
      {fmt::format("All {} tensors pair up and every value is equal, compared one by one.",
                   evidence.paired),
       "Equal copies carry no trace of which came first."}};
}

std::string weak_likeness(double highest_cosine) {
  return fmt::format(
      "The likeness is no nearer than {:.2f}: typical of a shared initialisation or an early "
      "branch; a minor share in a merge and very long continued training look alike.",
      highest_cosine);
}

/// Same units in the same order: the strongest and the most specific proof.
Judgement order_judgement(const AxisSummary& order) {
  std::string proof = fmt::format(
      "The hidden units of {} of {} MLPs carry like weights in the same order: Z = {:.1f} "
      "(independent trainings stay below {:.0f}), mean cosine {:.3f}, highest {:.3f}.",
      order.agreeing, order.mlps, order.z, kNullZ, order.mean, order.strongest);
  if (order.strongest >= kNearCopyCosine)
    return {LineageClass::same_lineage, {std::move(proof), kDirectionOpen}};
  return {LineageClass::shared_initialisation,
          {std::move(proof), weak_likeness(order.strongest), kSharedSeedCaveat}};
}

/// The residual stream's coordinates keep their order although the hidden units do not, or cannot
/// be compared.
Judgement residual_judgement(const ForensicEvidence& evidence, const Legs& legs) {
  std::string proof = fmt::format(
      "The matrices that read the residual stream agree coordinate by coordinate: z = {:.1f} "
      "(independent trainings stay below {:.0f}), cosine {:.3f}.",
      legs.residual->z, kNullZ, legs.residual->cosine);
  if (legs.order) {
    return {LineageClass::same_lineage,
            {std::move(proof),
             "The hidden units of the MLPs do not agree in order: they were permuted or replaced.",
             kDirectionOpen}};
  }
  std::string gap = "The MLPs could not be compared unit by unit: their widths or forms differ.";
  const double nearest = evidence.agreement.nearest_layer_cosine.value_or(0);
  if (nearest >= kNearCopyLayerCosine) {
    return {LineageClass::same_lineage, {std::move(proof), std::move(gap), kDirectionOpen}};
  }
  return {LineageClass::shared_initialisation,
          {std::move(proof), std::move(gap), weak_likeness(nearest), kSharedSeedCaveat}};
}

std::optional<Judgement> judge_related(const ForensicEvidence& evidence, const Legs& legs) {
  if (legs.order_proof()) return order_judgement(*legs.order);
  if (legs.geometry_proof()) {
    return Judgement{
        LineageClass::same_lineage,
        {fmt::format("The hidden units of {} of {} MLPs have the same geometry in the same order: "
                     "Z = {:.1f} (independent trainings stay below {:.0f}), mean CKA {:.3f}.",
                     legs.geometry->agreeing, legs.geometry->mlps, legs.geometry->z, kNullZ,
                     legs.geometry->mean),
         "Their coordinates differ: the residual stream of one model is permuted, rotated or of "
         "another width. Ordinary training does not do that.",
         kDirectionOpen}};
  }
  if (legs.residual_proof()) return residual_judgement(evidence, legs);
  return std::nullopt;
}

/// What speaks against calling the models independent although no axis shows agreement.
std::vector<std::string> vetoes(const ForensicEvidence& evidence, const Legs& legs) {
  std::vector<std::string> found;
  const auto& agreement = evidence.agreement;
  if (std::abs(agreement.strongest_matrix_cosine) > kMatrixVeto) {
    found.push_back(fmt::format(
        "\"{}\" agrees with its counterpart (cosine {:.3f}); independent matrices stay near 0.",
        base::printable(agreement.strongest_matrix), agreement.strongest_matrix_cosine));
  }
  if (evidence.tokens.mean_cosine.value_or(0) > kTokenVeto) {
    found.push_back(
        fmt::format("The token embeddings agree (mean cosine {:.3f}): shared embeddings, or a "
                    "descendant whose layers were re-parameterised or re-encoded.",
                    *evidence.tokens.mean_cosine));
  } else if (const double likeness = std::max(evidence.tokens.geometry.value_or(0),
                                              evidence.tokens.geometry_by_id.value_or(0));
             likeness > kGeometryVeto) {
    found.push_back(
        fmt::format("The token embeddings lay out their tokens alike (correlation {:.3f}; small "
                    "independent models stay below 0.1): a copy with a permuted or rotated "
                    "residual stream looks like this, but it says nothing of the layers.",
                    likeness));
  }
  const auto beyond_null = [](double z) { return std::abs(z) >= kNullZ; };
  if (legs.order && (beyond_null(legs.order->z) || legs.order->largest_z >= kLayerZ)) {
    found.push_back(
        fmt::format("The hidden units show more than chance (Z = {:.1f}, largest single z {:.1f}) "
                    "but too little for a proof (mean cosine {:.3f}).",
                    legs.order->z, legs.order->largest_z, legs.order->mean));
  }
  if (legs.geometry && (beyond_null(legs.geometry->z) || legs.geometry->largest_z >= kLayerZ)) {
    found.push_back(
        fmt::format("The geometry of the hidden units shows more than chance (Z = {:.1f}) but too "
                    "little for a proof.",
                    legs.geometry->z));
  }
  if (legs.residual && beyond_null(legs.residual->z)) {
    found.push_back(
        fmt::format("The residual coordinates show more than chance (z = {:.1f}) but too little "
                    "for a proof (cosine {:.3f}).",
                    legs.residual->z, legs.residual->cosine));
  }
  return found;
}

/// What of the two models was never compared.
std::vector<std::string> gaps(const ForensicEvidence& evidence, const Legs& legs) {
  std::vector<std::string> found;
  const forensics::HiddenAxis& hidden = evidence.hidden;
  if (hidden.mlps_a == 0 || hidden.mlps_b == 0) {
    found.emplace_back(
        "A model has no MLP whose weights can be read as numbers (packed quantised formats are not "
        "unpacked by this version).");
  } else if (hidden.different_widths > 0) {
    found.push_back(
        fmt::format("{} MLPs differ in width, so their units cannot be matched by place.",
                    hidden.different_widths));
  } else if (hidden.mlps_a != hidden.mlps_b || hidden.mlps.size() != hidden.mlps_a) {
    found.push_back(
        fmt::format("The models have {} and {} MLPs, of which {} stand at the same place; layers "
                    "are not re-aligned by this version.",
                    hidden.mlps_a, hidden.mlps_b, hidden.mlps.size()));
  } else if (!legs.order || legs.order->mlps != hidden.mlps.size()) {
    found.emplace_back("Not every MLP could be tested.");
  }
  if (!legs.residual)
    found.emplace_back("No matrix that reads the residual stream has one shape in both models.");
  return found;
}

Judgement judge_unrelated(const ForensicEvidence& evidence, const Legs& legs) {
  std::vector<std::string> missing = gaps(evidence, legs);
  if (auto against = vetoes(evidence, legs); !against.empty()) {
    if (legs.order) {
      against.push_back(
          fmt::format("The hidden units of {} MLPs do not agree in order (Z = {:.1f}); the "
                      "evidence conflicts, so neither kinship nor independence is stated.",
                      legs.order->mlps, legs.order->z));
    }
    // Without a test of the layers the gap decides; with one, the conflict does.
    against.insert(legs.order ? against.end() : against.begin(), missing.begin(), missing.end());
    return {LineageClass::inconclusive, std::move(against)};
  }
  if (!missing.empty()) {
    missing.insert(missing.begin(),
                   "Too little of the two models can be compared by role and shape.");
    return {LineageClass::inconclusive, std::move(missing)};
  }
  return {LineageClass::independent,
          {fmt::format(
               "Roles and shapes agree, the weights do not: hidden units Z = {:.1f} (cosine "
               "{:.3f}), residual coordinates z = {:.1f}; independent trainings stay below {:.0f}.",
               legs.order->z, legs.order->mean, legs.residual->z, kNullZ),
           "A copy whose hidden units and residual stream were both re-parameterised is not yet "
           "excluded by this version.",
           "Equal configuration, tokenizer or training data do not make weights related; neither "
           "does distillation from outputs."}};
}

}  // namespace

Lineage decide_lineage(const ForensicEvidence& evidence) {
  const Legs legs{summarise_order(evidence.hidden), summarise_geometry(evidence.hidden),
                  evidence.residual.test};
  std::optional<Judgement> judgement = judge_identical(evidence);
  if (!judgement) judgement = judge_missing(evidence);
  if (!judgement) judgement = judge_related(evidence, legs);
  if (!judgement) judgement = judge_unrelated(evidence, legs);

  Lineage lineage;
  lineage.lineage_class = judgement->lineage_class;
  if (lineage.lineage_class == LineageClass::identical) lineage.relation = "identical";
  lineage.reasons = std::move(judgement->reasons);
  lineage.conflicts = find_conflicts(evidence, lineage.lineage_class);
  lineage.evidence = describe_evidence(evidence);
  lineage.agreement = evidence.agreement.roles;
  return lineage;
}

}  // namespace prov::verdict
