#include "verdict/lineage_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "numeric/log_probability.hpp"
#include "verdict/lineage_summary.hpp"

namespace prov::verdict {
namespace {

Evidence not_computable(std::string test, const std::string& why) {
  return {.test = std::move(test),
          .summary = "Not computed: " + why + ".",
          .status = "not-computable: " + why};
}

/// What a z is compared with, said once for all permutation tests.
constexpr const char* kIndependent =
    "the weights of the two models are independent random variables";

std::string why_no_mlps(const forensics::HiddenAxis& hidden) {
  if (hidden.places_a.empty() || hidden.places_b.empty())
    return "a model has no MLP whose weights can be read as numbers";
  if (hidden.different_widths > 0) return "the MLPs differ in width";
  return "no MLP varies, or none stands at the same place in both models";
}

/// What the same statistic shows for pairs of layers that do not answer each other.
std::string background_of(const forensics::LayerTable& table,
                          const forensics::LayerCorrespondence& layers) {
  std::size_t pairs = 0;
  double largest = 0;
  for (std::size_t a = 0; a < table.rows; ++a) {
    for (std::size_t b = 0; b < table.columns; ++b) {
      const bool answers = a == b || (b < layers.of_b.size() && layers.of_b[b].source == a);
      if (answers || !table.at(a, b)) continue;
      ++pairs;
      largest = std::max(largest, std::abs(table.at(a, b)->z));
    }
  }
  if (pairs == 0) return "";
  return fmt::format("{} pairs of layers at other places: |z| at most {:.1f}", pairs, largest);
}

Evidence order_evidence(const forensics::ForensicEvidence& evidence) {
  const auto order = summarise_order(evidence.hidden);
  if (!order) return not_computable("hidden-permutation-z", why_no_mlps(evidence.hidden));
  return {
      .test = "hidden-permutation-z",
      .summary = fmt::format(
          "Hidden units of {} MLPs in their order: Z = {:.1f}, mean cosine {:.3f}, highest {:.3f}.",
          order->mlps, order->z, order->mean, order->strongest),
      .value = order->mean,
      .z = order->z,
      .log10_p = numeric::log10_normal_tail(order->z),
      .null_hypothesis = kIndependent,
      .axis = "hidden units of each MLP",
      .n = evidence.hidden.ordered().front()->order->units,
      .background = background_of(evidence.hidden.order, evidence.layers)};
}

Evidence residual_evidence(const forensics::ForensicEvidence& evidence) {
  const auto& test = evidence.residual.test;
  if (!test)
    return not_computable("residual-permutation-z",
                          "no matrix that reads the residual stream has one shape in both models");
  return {
      .test = "residual-permutation-z",
      .summary = fmt::format(
          "Coordinates of the residual stream, seen from {} matrices: z = {:.1f}, cosine {:.3f}.",
          evidence.residual.matrices, test->z, test->cosine),
      .value = test->cosine,
      .z = test->z,
      .log10_p = numeric::log10_normal_tail(test->z),
      .null_hypothesis = kIndependent,
      .axis = "coordinates of the residual stream",
      .n = test->units};
}

Evidence geometry_evidence(const forensics::ForensicEvidence& evidence) {
  const auto geometry = summarise_geometry(evidence.hidden);
  if (!geometry) {
    const bool settled = !evidence.hidden.ordered().empty();
    return not_computable("hidden-geometry",
                          settled ? "not needed, the order of the units already agrees"
                                  : why_no_mlps(evidence.hidden));
  }
  return {.test = "hidden-geometry",
          .summary = fmt::format("Geometry of the hidden units of {} MLPs, blind to a rotated "
                                 "residual stream: Z = {:.1f}, mean CKA {:.3f}.",
                                 geometry->mlps, geometry->z, geometry->mean),
          .value = geometry->mean,
          .z = geometry->z,
          .log10_p = numeric::log10_normal_tail(geometry->z),
          .null_hypothesis = kIndependent,
          .axis = "hidden units of each MLP",
          .n = evidence.hidden.measured().front()->geometry->units};
}

Evidence assignment_evidence(const forensics::ForensicEvidence& evidence) {
  constexpr const char* kTest = "hidden-assignment";
  double sum_ln_p = 0, spearman = 0, value = 0;
  std::size_t layers = 0, units = 0;
  for (const forensics::MlpComparison& mlp : evidence.hidden.mlps) {
    if (!mlp.assignment) continue;
    sum_ln_p += mlp.assignment->log10_p * std::numbers::ln10;
    spearman += mlp.assignment->spearman;
    value += mlp.assignment->value;
    units = mlp.assignment->units;
    ++layers;
  }
  if (layers == 0) return not_computable(kTest, why_no_mlps(evidence.hidden));
  const auto count = static_cast<double>(layers);
  const double log10_p = numeric::log10_fisher(sum_ln_p, layers);
  Evidence result{
      .test = kTest,
      .summary = fmt::format("Units of {} MLPs choose their counterparts freely: rank correlation "
                             "{:.3f} with their own places, mean matched cosine {:.3f}.",
                             layers, spearman / count, value / count),
      .value = value / count,
      .z = numeric::normal_z_of_log10_tail(log10_p),
      .log10_p = log10_p,
      .null_hypothesis = kIndependent,
      .axis = "hidden units of each MLP",
      .n = units};
  if (evidence.hidden.assignment_background)
    result.background = fmt::format("MLPs at other places: mean matched cosine {:.3f}",
                                    *evidence.hidden.assignment_background);
  return result;
}

Evidence layer_map_evidence(const forensics::ForensicEvidence& evidence) {
  constexpr const char* kTest = "layer-map";
  const forensics::LayerCorrespondence& layers = evidence.layers;
  if (layers.places_a.empty() || layers.places_b.empty())
    return not_computable(kTest, why_no_mlps(evidence.hidden));
  Evidence result{.test = kTest,
                  .null_hypothesis = kIndependent,
                  .axis = "hidden units of each MLP",
                  .n = layers.places_a.size() * layers.places_b.size()};
  std::optional<double> least;
  for (const forensics::LayerSource& entry : layers.of_b) {
    if (entry.source) least = std::min(least.value_or(entry.z), entry.z);
  }
  if (!least) {
    result.summary = "No MLP of B is like an MLP of A, at any place.";
    result.value = 0;
    return result;
  }
  const double tail =
      numeric::log10_normal_tail(*least) + std::log10(static_cast<double>(result.n));
  result.summary = fmt::format(
      "{} of {} MLPs of B come from an MLP of A ({}); the least z is {:.1f}.", layers.found_in_b(),
      layers.of_b.size(), forensics::map_basis_name(layers.basis), *least);
  result.value = static_cast<double>(layers.found_in_b()) / static_cast<double>(layers.of_b.size());
  result.z = *least;
  result.log10_p = std::min(0.0, tail);  // Bonferroni over all pairs
  return result;
}

Evidence unit_evidence(const forensics::UnitSearch& search, const forensics::BasisMatch& match,
                       const char* test, const char* how) {
  if (!search.not_run.empty()) return not_computable(test, search.not_run);
  if (!match.missing.empty()) return not_computable(test, match.missing);
  return {.test = test,
          .summary = fmt::format("Strongest hidden units of {} layers matched {}: {} of {} agree, "
                                 "chance gives {}; mean matched cosine {:.3f}.",
                                 match.best.size(), how, match.agreeing, match.units,
                                 match.expected, match.mean_cosine),
          .value = match.share(),
          .z = numeric::normal_z_of_log10_tail(match.log10_p),
          .log10_p = match.log10_p,
          .null_hypothesis = "assignments of what units read and write are unrelated permutations",
          .axis = "hidden units of each MLP",
          .n = match.units,
          .background = fmt::format("other pairs of layers: {:.3f} agree, cosine {:.3f}",
                                    match.background_share, match.background_cosine)};
}

Evidence token_evidence(const forensics::TokenAgreement& tokens) {
  constexpr const char* kTest = "token-embedding";
  if (!tokens.missing.empty()) return not_computable(kTest, tokens.missing);
  if (!tokens.mean_cosine) return not_computable(kTest, "the embeddings differ in width");
  return {.test = kTest,
          .summary = fmt::format(
              "Embedding rows of {} common tokens matched by {}: mean cosine {:.3f}, median "
              "{:.3f}, {:.1f} % bit-identical. A description: tokens are not exchangeable.",
              tokens.compared, tokens.by_text ? "text" : "id", *tokens.mean_cosine,
              *tokens.median_cosine, 100 * *tokens.identical_share),
          .value = tokens.mean_cosine,
          .n = tokens.compared};
}

Evidence token_geometry_evidence(const forensics::TokenAgreement& tokens) {
  constexpr const char* kTest = "token-geometry";
  if (!tokens.missing.empty()) return not_computable(kTest, tokens.missing);
  if (!tokens.geometry) return not_computable(kTest, "too few common tokens");
  return {.test = kTest,
          .summary = fmt::format("Cosines between tokens correlate by {:.4f}. A description: "
                                 "models of one data set correlate too.",
                                 *tokens.geometry),
          .value = tokens.geometry,
          .n = tokens.described};
}

Evidence equality_evidence(const forensics::ForensicEvidence& evidence) {
  constexpr const char* kTest = "equal-values";
  if (evidence.paired == 0) return not_computable(kTest, "no tensors with the same role");
  std::uint64_t equal = 0;
  for (const RoleAgreement& role : evidence.agreement.roles) equal += role.equal_content;
  std::string summary =
      evidence.values_equal
          ? fmt::format("All values of all {} tensors are equal.", evidence.paired)
          : fmt::format(
                "{} of {} paired tensors have one shape, {} have equal content; {} and {} tensors "
                "stand alone.",
                evidence.same_shape, evidence.paired, equal, evidence.only_a, evidence.only_b);
  return {.test = kTest,
          .summary = std::move(summary),
          .value = evidence.values_equal ? 1.0 : 0.0,
          .n = evidence.paired};
}

}  // namespace

std::vector<Evidence> describe_evidence(const forensics::ForensicEvidence& evidence) {
  const forensics::UnitSearch& search = evidence.search;
  return {equality_evidence(evidence),
          order_evidence(evidence),
          assignment_evidence(evidence),
          layer_map_evidence(evidence),
          residual_evidence(evidence),
          geometry_evidence(evidence),
          unit_evidence(search, search.raw, "unit-match", "in the coordinates as stored"),
          unit_evidence(search, search.recovered, "unit-match-recovered",
                        "in a residual stream mapped by the embeddings"),
          unit_evidence(search, search.tokens, "unit-match-tokens",
                        "by their responses to common tokens"),
          unit_evidence(search, search.aligned, "unit-match-aligned",
                        "in a residual stream mapped by the units of other layers"),
          token_evidence(evidence.tokens),
          token_geometry_evidence(evidence.tokens)};
}

}  // namespace prov::verdict
