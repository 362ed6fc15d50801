#include "verdict/lineage_measures.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "verdict/lineage_summary.hpp"
#include "verdict/lineage_thresholds.hpp"
#include "verdict/relation_measures.hpp"
#include "verdict/reparameterisation.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;
using forensics::MapBasis;

std::optional<double> likeness_at(const ForensicEvidence& evidence, MapBasis basis) {
  if (evidence.layers.basis != basis) return std::nullopt;
  std::optional<double> strongest;
  for (const forensics::LayerSource& entry : evidence.layers.of_b) {
    if (entry.source) strongest = std::max(strongest.value_or(entry.effect), entry.effect);
  }
  return strongest;
}

/// Highest cosine of MLPs that are proved to be the same, at their places or at any.
std::optional<double> order_cosine(const ForensicEvidence& evidence) {
  const auto order = summarise_order(evidence.hidden);
  if (order && is_proof(*order)) return order->strongest;
  return likeness_at(evidence, MapBasis::order);
}

/// Responses to tokens have another scale of cosines: their measure is the share.
std::optional<double> unit_cosine(const ForensicEvidence& evidence) {
  if (evidence.layers.basis == MapBasis::units_tokens) return std::nullopt;
  return mapped_unit_cosine(evidence);
}

std::optional<double> matched_share(const forensics::UnitSearch& search) {
  if (!search.not_run.empty()) return std::nullopt;
  return std::max({search.raw.share(), search.recovered.share(), search.tokens.share(),
                   search.aligned.share()});
}

std::optional<double> layer_mean_cosine(const ForensicEvidence& evidence) {
  if (evidence.layers.basis != MapBasis::order) return std::nullopt;
  return mean_likeness(evidence.layers);
}

/// What the direction of a change of structure asks: the layers that both have, or the stream where
/// units were matched only in part.
std::optional<double> shared_part_cosine(const ForensicEvidence& evidence) {
  if (evidence.layers.basis == MapBasis::none) return std::nullopt;
  if (evidence.layers.basis == MapBasis::order) return mean_likeness(evidence.layers);
  if (!evidence.residual.test) return std::nullopt;
  return evidence.residual.test->cosine;
}

std::optional<double> token_geometry(const forensics::TokenAgreement& tokens) {
  if (!tokens.geometry && !tokens.geometry_by_id) return std::nullopt;
  return std::max(tokens.geometry.value_or(0), tokens.geometry_by_id.value_or(0));
}

std::optional<double> matrix_cosine(const forensics::Agreement& agreement) {
  if (agreement.strongest_matrix.empty()) return std::nullopt;
  return std::abs(agreement.strongest_matrix_cosine);
}

std::optional<double> embedding_cosine_by_id(const forensics::Agreement& agreement) {
  std::optional<double> highest;
  for (const RoleAgreement& role : agreement.roles) {
    if (role.role == "token_embedding" && role.cosine)
      highest = std::max(highest.value_or(*role.cosine), *role.cosine);
  }
  return highest;
}

}  // namespace

std::vector<Measure> measure(const ForensicEvidence& evidence) {
  std::vector<Measure> measures;
  const auto add = [&](std::string_view name, std::optional<double> value) {
    measures.push_back({std::string(name), value});
  };
  const auto order = summarise_order(evidence.hidden);
  const auto& residual = evidence.residual.test;
  const bool residual_proof = residual && residual->z >= kProofZ;
  const auto& tokens = evidence.tokens;
  add("order_z", order ? std::optional(order->z) : std::nullopt);
  add("order_largest_z", order ? std::optional(order->largest_z) : std::nullopt);
  add("order_agreeing_share",
      order ? std::optional(static_cast<double>(order->agreeing) / static_cast<double>(order->mlps))
            : std::nullopt);
  add("order_cosine", order_cosine(evidence));
  add("residual_z", residual ? std::optional(residual->z) : std::nullopt);
  add("residual_cosine", residual_proof ? std::optional(residual->cosine) : std::nullopt);
  add("nearest_layer_cosine",
      residual_proof ? evidence.agreement.nearest_layer_cosine : std::nullopt);
  const auto& excess = evidence.hidden.excess;
  add("geometry_excess", excess ? std::optional(excess->excess) : std::nullopt);
  add("geometry_excess_share",
      excess && excess->loss > 0 ? std::optional(excess->excess / excess->loss) : std::nullopt);
  add("geometry_cka", likeness_at(evidence, MapBasis::geometry));
  add("unit_cosine", unit_cosine(evidence));
  add("token_unit_share", likeness_at(evidence, MapBasis::units_tokens));
  add("matched_unit_share", matched_share(evidence.search));
  add("placed_unit_share",
      evidence.search.not_run.empty() ? placed_unit_share(evidence.search) : std::nullopt);
  add("layer_mean_cosine", layer_mean_cosine(evidence));
  add("shared_part_cosine", shared_part_cosine(evidence));
  add("attention_cosine", attention_beside_kept_mlps(evidence));
  add("matrix_cosine", matrix_cosine(evidence.agreement));
  add("token_cosine", tokens.mean_cosine);
  add("token_geometry", token_geometry(tokens));
  add("embedding_cosine_by_id", embedding_cosine_by_id(evidence.agreement));
  add("embedding_cosine_by_text", tokens.by_text ? tokens.mean_cosine : std::nullopt);
  add_relation_measures(evidence, measures);
  return measures;
}

}  // namespace prov::verdict
