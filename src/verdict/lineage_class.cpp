#include "verdict/lineage_class.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "verdict/lineage_doubts.hpp"
#include "verdict/lineage_summary.hpp"
#include "verdict/lineage_thresholds.hpp"
#include "verdict/linear_share.hpp"
#include "verdict/measured_matrices.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;
using forensics::LayerCorrespondence;
using forensics::MapBasis;
using Reasons = std::vector<std::string>;

constexpr const char* kSharedSeedCaveat =
    "The test proves that randomness was shared: a common default seed of one code base would show "
    "as shared initialisation.";

std::optional<Judgement> judge_identical(const ForensicEvidence& evidence) {
  if (evidence.values_equal) {
    return Judgement{
        LineageClass::identical,
        {fmt::format("All {} tensors pair up and every value is equal, compared one by one.",
                     evidence.paired),
         "Equal copies carry no trace of which came first."}};
  }
  if (!evidence.repackaging.equal_values) return std::nullopt;
  return Judgement{LineageClass::identical,
                   {fmt::format("Every value of the one model is in the other, compared one by "
                                "one, in another form: {}.",
                                fmt::join(evidence.repackaging.forms, "; ")),
                    "Equal copies carry no trace of which came first."}};
}

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
  for (const auto& [side, facts] : {std::pair('A', &evidence.a), std::pair('B', &evidence.b)}) {
    if (facts->unread.empty()) continue;
    return Judgement{LineageClass::inconclusive,
                     {fmt::format("Weights of model {} are packed in a way that this version does "
                                  "not read: {}.",
                                  side, facts->unread)}};
  }
  const auto is_blank = [](const forensics::SideFacts& side) { return side.explained == 0; };
  if (!is_blank(evidence.a) && !is_blank(evidence.b)) return std::nullopt;
  const bool blank_a = is_blank(evidence.a);
  const char side = blank_a ? 'A' : 'B';
  const bool adapter = (blank_a ? evidence.a : evidence.b).declared.adapter;
  const char* reason =
      adapter ? "Model {} is an adapter: its weights are changes to a base model; compare it with "
                "that base."
              : "No tensor name of model {} is understood, so no weights can be matched by role.";
  return Judgement{LineageClass::inconclusive, {fmt::format(fmt::runtime(reason), side)}};
}

std::string weak_likeness(double nearest) {
  return fmt::format(
      "The likeness is no nearer than {:.2f}: typical of a shared initialisation or an early "
      "branch; a minor share in a merge and very long continued training look alike.",
      nearest);
}

Judgement graded(bool near, double nearest, std::string proof, Reasons more = {}) {
  Judgement judgement{near ? LineageClass::same_lineage : LineageClass::shared_initialisation,
                      {std::move(proof)}};
  judgement.reasons.insert(judgement.reasons.end(), more.begin(), more.end());
  if (!near) {
    judgement.reasons.push_back(weak_likeness(nearest));
    judgement.reasons.emplace_back(kSharedSeedCaveat);
  }
  return judgement;
}

/// A share in a merge is a copy, however small: common starts do not leave one slope everywhere.
void raise_linear_share(const ForensicEvidence& evidence, Judgement& judgement) {
  if (judgement.lineage_class != LineageClass::shared_initialisation) return;
  const auto share = find_linear_share(aligned_matrices(evidence));
  if (!share) return;
  judgement.lineage_class = LineageClass::same_lineage;
  judgement.reasons.resize(1);  // the proof stays, the caveats of a weak likeness do not
  judgement.reasons.push_back(fmt::format(
      "{} matrices of {} are each {:.3f} times that of {} and a remainder, in all layers and kinds "
      "alike (spread {:.4f}): a share in a merge. A common start leaves another slope in each.",
      share->matrices, share->b_is_child ? 'B' : 'A', share->weight, share->b_is_child ? 'A' : 'B',
      share->spread));
}

/// Same units in the same order at the same places: the strongest and the most specific proof.
std::optional<Judgement> judge_by_order(const ForensicEvidence& evidence) {
  if (evidence.hidden.stream_turned()) return std::nullopt;  // what is left of it says too little
  const auto order = summarise_order(evidence.hidden);
  if (!order || !is_proof(*order)) return std::nullopt;
  Judgement judgement = graded(
      order->strongest >= kNearCopyCosine, order->strongest,
      fmt::format("The hidden units of {} of {} MLPs carry like weights in the same order: Z = "
                  "{:.1f} (independent trainings stay below {:.0f}), mean cosine {:.3f}, highest "
                  "{:.3f}.",
                  order->agreeing, order->mlps, order->z, kNullZ, order->mean, order->strongest));
  raise_linear_share(evidence, judgement);
  return judgement;
}

struct MapSummary {
  std::size_t found = 0, looked_at = 0;
  double least_z = 0, strongest = 0, mean = 0;
};

MapSummary summarise_map(const LayerCorrespondence& layers) {
  MapSummary summary{.looked_at = layers.of_b.size(), .mean = mean_likeness(layers)};
  for (const forensics::LayerSource& entry : layers.of_b) {
    if (!entry.source) continue;
    summary.least_z = summary.found == 0 ? entry.z : std::min(summary.least_z, entry.z);
    summary.strongest = std::max(summary.strongest, entry.effect);
    ++summary.found;
  }
  return summary;
}

bool enough_layers(const LayerCorrespondence& layers) {
  const std::size_t possible = std::min(layers.places_a.size(), layers.places_b.size());
  const auto needed = static_cast<double>(possible) * kLeastAgreeingShare;
  return layers.found_in_b() > 0 && static_cast<double>(layers.found_in_b()) >= needed;
}

std::string basis_words(MapBasis basis) {
  if (basis == MapBasis::units_raw) return "as they are stored";
  if (basis == MapBasis::units_recovered)
    return "after the residual stream was mapped by the embeddings";
  if (basis == MapBasis::units_aligned)
    return "after the residual stream was mapped by the units of other layers";
  return "by their responses to common tokens";
}

Judgement judge_by_units(const ForensicEvidence& evidence, const forensics::BasisMatch& match,
                         const MapSummary& map) {
  const LayerCorrespondence& layers = evidence.layers;
  const bool by_tokens = layers.basis == MapBasis::units_tokens;
  const double nearest = by_tokens ? map.strongest : mapped_unit_cosine(evidence).value_or(0);
  return graded(
      nearest >= (by_tokens ? kNearCopyUnits : kNearCopyUnitCosine), nearest,
      fmt::format("Of {} hidden units in {} layers, matched {}, {} are found again by separate "
                  "assignments of what they read and write; chance gives {} (log10 p = {:.0f}).",
                  match.units, match.best.size(), basis_words(layers.basis), match.agreeing,
                  match.expected, match.log10_p),
      {"They do not stand at their old places or in their old coordinates: the model was "
       "re-parameterised, cut or grown. Ordinary training does not do that."});
}

/// Layers that answer each other although they stand elsewhere, or in another basis.
std::optional<Judgement> judge_by_layers(const ForensicEvidence& evidence) {
  const LayerCorrespondence& layers = evidence.layers;
  if (layers.basis == MapBasis::none || !enough_layers(layers)) return std::nullopt;
  const MapSummary map = summarise_map(layers);
  if (const auto* match = units_behind_map(evidence)) return judge_by_units(evidence, *match, map);
  const std::size_t pairs = layers.places_a.size() * layers.places_b.size();
  if (layers.basis == MapBasis::order) {
    return graded(
        map.strongest >= kNearCopyCosine, map.strongest,
        fmt::format("{} of {} MLPs of B carry the weights of an MLP of A, at another place: the "
                    "least z is {:.1f} in a search over {} pairs, where chance stays below 6; mean "
                    "cosine {:.3f}.",
                    map.found, map.looked_at, map.least_z, pairs, map.mean));
  }
  return graded(map.strongest >= kNearCopyCka, std::sqrt(map.strongest),
                fmt::format("The hidden units of {} of {} MLPs have the geometry of an MLP of A, "
                            "unit by unit: the least z is {:.1f} in a search over {} pairs, mean "
                            "CKA {:.3f}.",
                            map.found, map.looked_at, map.least_z, pairs, map.mean),
                {"Their coordinates differ: the residual stream of one model is permuted, rotated "
                 "or of another width. Ordinary training does not do that."});
}

/// The residual stream's coordinates keep their order although the hidden units do not, or cannot
/// be compared.
std::optional<Judgement> judge_by_residual(const ForensicEvidence& evidence) {
  const auto& residual = evidence.residual.test;
  if (!residual || residual->z < kProofZ || residual->cosine < kResidualCosine) return std::nullopt;
  std::string proof = fmt::format(
      "The matrices that read the residual stream agree coordinate by coordinate: z = {:.1f} "
      "(independent trainings stay below {:.0f}), cosine {:.3f}.",
      residual->z, kNullZ, residual->cosine);
  if (!evidence.hidden.ordered().empty()) {
    return graded(true, 1, std::move(proof),
                  {"The hidden units of the MLPs do not agree in order: they were permuted or "
                   "replaced."});
  }
  const double nearest = evidence.agreement.nearest_layer_cosine.value_or(0);
  return graded(nearest >= kNearCopyLayerCosine, nearest, std::move(proof),
                {"The MLPs could not be compared unit by unit: their widths or forms differ."});
}

std::string independence_caveat(const forensics::UnitSearch& search) {
  if (!search.not_run.empty()) {
    return "A copy whose hidden units and residual stream were both re-parameterised was not "
           "looked for (--depth standard and deep do).";
  }
  std::string text =
      fmt::format("Re-parameterised copies were looked for in {} and {} of {} and {} MLPs.",
                  search.places_a.size(), search.places_b.size(), search.mlps_a, search.mlps_b);
  if (search.aligned.missing.empty())
    return text +
           " One that was trained for long and has new embeddings besides would not be seen.";
  return search.tokens.missing.empty() || search.recovered.missing.empty()
             ? text + " One with new embeddings besides would not be seen."
             : text + " With so few common tokens a rotated and permuted one would not be seen.";
}

std::string unmatched_units(const forensics::UnitSearch& search) {
  const forensics::BasisMatch& match =
      search.tokens.missing.empty() ? search.tokens : search.recovered;
  return fmt::format(
      "no hidden unit of the one is found in the other: {} of {} matched units "
      "agree, chance gives {}",
      match.agreeing, match.units, match.expected);
}

Judgement judge_unrelated(const ForensicEvidence& evidence) {
  Reasons missing = find_gaps(evidence);
  const auto order = summarise_order(evidence.hidden);
  if (Reasons against = find_vetoes(evidence); !against.empty()) {
    if (order) {
      against.push_back(
          fmt::format("The hidden units of {} MLPs do not agree in order (Z = {:.1f}); the "
                      "evidence conflicts, so neither kinship nor independence is stated.",
                      order->mlps, order->z));
    }
    // Without a test of the layers the gap decides; with one, the conflict does.
    against.insert(order ? against.end() : against.begin(), missing.begin(), missing.end());
    return {LineageClass::inconclusive, std::move(against)};
  }
  if (!missing.empty()) {
    missing.insert(missing.begin(),
                   "Too little of the two models can be compared by role and shape.");
    return {LineageClass::inconclusive, std::move(missing)};
  }
  const auto& residual = evidence.residual.test;
  std::string finding =
      order && residual
          ? fmt::format(
                "Roles and shapes agree, the weights do not: hidden units Z = {:.1f} "
                "(cosine {:.3f}), residual coordinates z = {:.1f}; independent trainings "
                "stay below {:.0f}",
                order->z, order->mean, residual->z, kNullZ)
          : "The shapes differ, and " + unmatched_units(evidence.search);
  return {LineageClass::independent,
          {finding + ".", independence_caveat(evidence.search),
           "Equal configuration, tokenizer or training data do not make weights related; neither "
           "does distillation from outputs."}};
}

}  // namespace

Judgement judge_class(const ForensicEvidence& evidence) {
  if (auto judgement = judge_identical(evidence)) return *judgement;
  if (auto judgement = judge_missing(evidence)) return *judgement;
  if (auto judgement = judge_by_order(evidence)) {
    if (evidence.samples_equal)
      judgement->reasons.emplace_back(
          "Every sampled value is equal; whether all are was not looked at or is not so.");
    return *judgement;
  }
  if (auto judgement = judge_by_layers(evidence)) return *judgement;
  if (auto judgement = judge_by_residual(evidence)) return *judgement;
  return judge_unrelated(evidence);
}

}  // namespace prov::verdict
