#include "verdict/lineage_doubts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/printable.hpp"
#include "verdict/lineage_summary.hpp"
#include "verdict/lineage_thresholds.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;

bool beyond_null(const AxisSummary& axis) {
  return std::abs(axis.z) >= kNullZ || axis.largest_z >= kLayerZ;
}

void add_token_veto(std::vector<std::string>& found, const forensics::TokenAgreement& tokens) {
  const double likeness = std::max(tokens.geometry.value_or(0), tokens.geometry_by_id.value_or(0));
  if (tokens.mean_cosine.value_or(0) > kTokenVeto) {
    found.push_back(
        fmt::format("The token embeddings agree (mean cosine {:.3f}): shared embeddings, or a "
                    "descendant whose layers were re-parameterised or re-encoded.",
                    *tokens.mean_cosine));
  } else if (likeness > kGeometryVeto) {
    found.push_back(
        fmt::format("The token embeddings lay out their tokens alike (correlation {:.3f}; small "
                    "independent models stay below 0.1): a copy with a permuted or rotated "
                    "residual stream looks like this, but it says nothing of the layers.",
                    likeness));
  }
}

bool searched(const forensics::UnitSearch& search) { return search.not_run.empty(); }

/// The search compared units in a basis that no re-parameterisation of the layers can hide from.
bool searched_without_basis(const forensics::UnitSearch& search) {
  return searched(search) && (search.tokens.missing.empty() || search.recovered.missing.empty());
}

/// A model whose names hide what its tensors do was made to be hard to compare: without the search
/// it is not cleared.
void add_hidden_names(std::vector<std::string>& found, const forensics::SideFacts& side,
                      char letter) {
  if (side.explained * 2 >= side.tensors) return;
  found.push_back(
      fmt::format("Only {} of {} tensors of model {} have a known role, too few to look for a copy "
                  "whose units and residual stream were permuted.",
                  side.explained, side.tensors, letter));
}

}  // namespace

std::vector<std::string> find_vetoes(const ForensicEvidence& evidence) {
  std::vector<std::string> found;
  const auto& agreement = evidence.agreement;
  if (std::abs(agreement.strongest_matrix_cosine) > kMatrixVeto) {
    found.push_back(fmt::format(
        "\"{}\" agrees with its counterpart (cosine {:.3f}); independent matrices stay near 0.",
        base::printable(agreement.strongest_matrix), agreement.strongest_matrix_cosine));
  }
  add_token_veto(found, evidence.tokens);
  if (const auto order = summarise_order(evidence.hidden); order && beyond_null(*order)) {
    found.push_back(
        fmt::format("The hidden units show more than chance (Z = {:.1f}, largest single z {:.1f}) "
                    "but too little for a proof (mean cosine {:.3f}).",
                    order->z, order->largest_z, order->mean));
  }
  if (const auto geometry = summarise_geometry(evidence.hidden);
      geometry && beyond_null(*geometry)) {
    found.push_back(
        fmt::format("The geometry of the hidden units shows more than chance (Z = {:.1f}) but too "
                    "little for a proof.",
                    geometry->z));
  }
  for (const forensics::BasisMatch* match : {&evidence.search.raw, &evidence.search.recovered,
                                             &evidence.search.tokens, &evidence.search.aligned}) {
    if (match->share() < kUnitVeto) continue;
    found.push_back(fmt::format(
        "Of {} matched hidden units {} agree, chance gives {}: more than strangers show, too "
        "little for a proof.",
        match->units, match->agreeing, match->expected));
    break;
  }
  const double placed = placed_unit_share(evidence.search).value_or(0);
  if (found.empty() && placed >= kPlacedUnitVeto) {
    found.push_back(
        fmt::format("In layers at one place {:.1f} % of the matched hidden units agree: more than "
                    "strangers show (the line is {:.1f} %), too little for a proof. A shared "
                    "initialisation behind a rotated residual stream looks like this.",
                    100 * placed, 100 * kPlacedUnitVeto));
  }
  const auto& residual = evidence.residual.test;
  if (residual && std::abs(residual->z) >= kNullZ) {
    found.push_back(
        fmt::format("The residual coordinates show more than chance (z = {:.1f}) but too little "
                    "for a proof (cosine {:.3f}).",
                    residual->z, residual->cosine));
  }
  return found;
}

std::vector<std::string> find_gaps(const ForensicEvidence& evidence) {
  const forensics::HiddenAxis& hidden = evidence.hidden;
  if (hidden.places_a.empty() || hidden.places_b.empty()) {
    return {
        "A model has no MLP whose weights can be read as numbers (a packing that is not "
        "read stays packed)."};
  }
  if (searched_without_basis(evidence.search)) return {};
  std::vector<std::string> found;
  add_hidden_names(found, evidence.a, 'A');
  add_hidden_names(found, evidence.b, 'B');
  if (hidden.different_widths > 0) {
    found.push_back(
        fmt::format("{} MLPs differ in width, so their units cannot be matched by place.",
                    hidden.different_widths));
  } else if (hidden.places_a.size() != hidden.places_b.size() ||
             hidden.mlps.size() != hidden.places_a.size()) {
    found.push_back(
        fmt::format("The models have {} and {} MLPs, of which {} stand at the same place.",
                    hidden.places_a.size(), hidden.places_b.size(), hidden.mlps.size()));
  } else if (hidden.ordered().size() != hidden.mlps.size()) {
    found.emplace_back("Not every MLP could be tested.");
  }
  if (!evidence.residual.test)
    found.emplace_back("No matrix that reads the residual stream has one shape in both models.");
  if (!found.empty()) {
    found.push_back(fmt::format(
        "The search for matching units was no help: {}.",
        searched(evidence.search) ? evidence.search.tokens.missing : evidence.search.not_run));
  }
  return found;
}

}  // namespace prov::verdict
