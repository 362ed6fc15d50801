#include "forensics/gather.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "forensics/equal_values.hpp"
#include "forensics/norm_convention.hpp"

namespace prov::forensics {
namespace {

SideFacts side_facts(const model::Model& model) {
  SideFacts facts{read_declarations(model), model.checkpoint.tensors.size(), 0};
  facts.explained = static_cast<std::size_t>(std::ranges::count_if(
      model.checkpoint.tensors,
      [](const model::Tensor& tensor) { return tensor.role.kind != model::RoleKind::unknown; }));
  return facts;
}

constexpr int kExperts = 2;  // of a mixture; each is a test of its own

bool speaks(const LayerTable& table) {
  return std::ranges::any_of(
      table.cells, [](const auto& cell) { return cell.has_value() && cell->z >= kOrderSpeaks; });
}

/// Why the search for re-parameterised layers is not needed; empty if it is.
std::string reason_not_to_search(Depth depth, const HiddenAxis& hidden) {
  if (depth == Depth::fast) return "--depth fast leaves it out";
  if (depth == Depth::deep) return {};
  if (speaks(hidden.order)) return "not needed, the order of the units already agrees";
  if (speaks(hidden.geometry)) return "not needed, the geometry of the units already agrees";
  return {};
}

/// Every unit and every coordinate that was looked at is the same.
bool only_the_form_differs(const ForensicEvidence& evidence) {
  constexpr double kSame = 1 - 1e-6;
  const auto ordered = evidence.hidden.ordered();
  return !ordered.empty() && ordered.size() == evidence.hidden.places_a.size() &&
         ordered.size() == evidence.hidden.places_b.size() && evidence.residual.test &&
         evidence.residual.test->cosine >= kSame &&
         std::ranges::all_of(ordered,
                             [](const MlpComparison* mlp) { return mlp->order->cosine >= kSame; });
}

}  // namespace

Result<ForensicEvidence> gather_evidence(const model::Model& a, const ContentHashes& hashes_a,
                                         const model::Model& b, const ContentHashes& hashes_b,
                                         const GatherOptions& options) {
  if (options.progress != nullptr) options.progress->phase("comparing weights by role");
  ForensicEvidence evidence;
  evidence.a = side_facts(a);
  evidence.b = side_facts(b);

  const TensorPairing pairing = pair_tensors(a.checkpoint, hashes_a, b.checkpoint, hashes_b);
  evidence.paired = pairing.pairs.size();
  evidence.same_shape = pairing.same_shape();
  evidence.only_a = pairing.only_a.size();
  evidence.only_b = pairing.only_b.size();
  evidence.all_paired = pairing.complete();

  PROV_TRY(evidence.agreement, compare_roles(a.checkpoint, b.checkpoint, pairing, options.stop));
  const auto mlps_a = model::mlps_of(a.checkpoint, norm_convention(evidence.a.declared), kExperts);
  const auto mlps_b = model::mlps_of(b.checkpoint, norm_convention(evidence.b.declared), kExperts);
  PROV_TRY(evidence.hidden,
           compare_hidden_axis(a.checkpoint, mlps_a, b.checkpoint, mlps_b, options.stop));
  PROV_TRY(evidence.residual, compare_residual_axis(a.checkpoint, b.checkpoint, options.stop));
  PROV_TRY(evidence.tokens, compare_token_embeddings(a, b));
  evidence.search.not_run = reason_not_to_search(options.depth, evidence.hidden);
  if (evidence.search.not_run.empty()) {
    PROV_TRY(evidence.search,
             search_units(a, mlps_a, b, mlps_b, {.all_layers = options.depth == Depth::deep},
                          options.progress, options.stop));
  }
  for (const auto& [side, mlps] :
       {std::pair(&evidence.a, &mlps_a), std::pair(&evidence.b, &mlps_b)}) {
    if (mlps->empty()) continue;
    side->hidden_units = mlps->front().hidden();
    side->width = mlps->front().residual();
  }
  evidence.vocabulary = compare_vocabularies(a, b);
  evidence.layers = find_correspondence(evidence.hidden, &evidence.search);

  PROV_TRY(evidence.changes, measure_changes(a.checkpoint, b.checkpoint, evidence.layers,
                                             options.depth == Depth::deep, options.stop));

  // A full comparison reads everything: not what a fast answer is asked for.
  evidence.samples_equal = evidence.agreement.every_sample_equal || only_the_form_differs(evidence);
  if (options.depth == Depth::fast) return evidence;
  const bool known_to_differ = std::ranges::any_of(pairing.pairs, &TensorPair::unequal_hash);
  if (evidence.agreement.every_sample_equal && !known_to_differ) {
    PROV_TRY(evidence.values_equal,
             all_values_equal(a.checkpoint, b.checkpoint, pairing, options.progress, options.stop));
  }
  if (!evidence.values_equal && only_the_form_differs(evidence)) {
    PROV_TRY(evidence.repackaging, compare_forms(a.checkpoint, b.checkpoint, options.stop));
  } else if (evidence.values_equal) {
    evidence.repackaging = {true, container_differences(a.checkpoint, b.checkpoint)};
  }
  return evidence;
}

}  // namespace prov::forensics
