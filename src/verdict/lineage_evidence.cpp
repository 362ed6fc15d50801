#include "verdict/lineage_evidence.hpp"

#include <fmt/format.h>

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
  if (hidden.mlps_a == 0 || hidden.mlps_b == 0)
    return "a model has no MLP whose weights can be read as numbers";
  if (hidden.different_widths > 0) return "the MLPs differ in width";
  return "no MLP varies, or none stands at the same place in both models";
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
      .n = evidence.hidden.ordered().front()->order->units};
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
  return {equality_evidence(evidence),     order_evidence(evidence),
          residual_evidence(evidence),     geometry_evidence(evidence),
          token_evidence(evidence.tokens), token_geometry_evidence(evidence.tokens)};
}

}  // namespace prov::verdict
