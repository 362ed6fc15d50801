#include "forensics/gather.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "forensics/equal_values.hpp"
#include "forensics/norm_convention.hpp"
#include "model/config/config_facts.hpp"

namespace prov::forensics {
namespace {

/// As config.json names them; none where it does not.
model::AttentionHeads attention_heads(const model::Model& model) {
  if (!model.config_text) return {};
  const auto facts = model::read_config_facts(*model.config_text, "config.json");
  if (!facts) return {};
  const std::int64_t query = facts->num_attention_heads,
                     key_value = facts->num_key_value_heads.value_or(query);
  constexpr std::int64_t kMost = 1 << 16;
  if (query <= 0 || key_value <= 0 || query > kMost || key_value > kMost) return {};
  return {static_cast<std::uint64_t>(query), static_cast<std::uint64_t>(key_value)};
}

bool is_known(model::AttentionHeads heads) { return heads.query > 0 && heads.key_value > 0; }

/// A model that does not name its heads is read with those of the other, and none where two
/// configurations contradict each other: one fused projection must come apart alike on both sides.
HeadCounts common_heads(const SideFacts& a, const SideFacts& b) {
  if (!is_known(a.heads)) return {b.heads, b.heads};
  if (!is_known(b.heads)) return {a.heads, a.heads};
  const bool same = a.heads.query == b.heads.query && a.heads.key_value == b.heads.key_value;
  return same ? HeadCounts{a.heads, b.heads} : HeadCounts{};
}

SideFacts side_facts(const model::Model& model) {
  SideFacts facts{.declared = read_declarations(model),
                  .tensors = model.checkpoint.tensors.size(),
                  .heads = attention_heads(model),
                  .unread = model.checkpoint.unread};
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

  const HeadCounts heads = common_heads(evidence.a, evidence.b);

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
  PROV_TRY(evidence.residual,
           compare_residual_axis(a.checkpoint, b.checkpoint, options.stop, heads));
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
                                             options.depth == Depth::deep, options.stop, heads));
  if (options.depth == Depth::fast) {
    evidence.attention.not_measured = "--depth fast leaves it out";
  } else {
    PROV_TRY(evidence.attention, compare_attention_heads(a.checkpoint, b.checkpoint, heads,
                                                         evidence.layers, options.stop));
  }

  // A full comparison reads everything: not what a fast answer is asked for.
  evidence.samples_equal = evidence.agreement.every_sample_equal ||
                           (only_the_form_differs(evidence) && !evidence.attention.moved());
  if (options.depth == Depth::fast) return evidence;
  const bool known_to_differ = std::ranges::any_of(pairing.pairs, &TensorPair::unequal_hash);
  if (evidence.agreement.every_sample_equal && !known_to_differ) {
    PROV_TRY(evidence.values_equal,
             all_values_equal(a.checkpoint, b.checkpoint, pairing, options.progress, options.stop));
  }
  const bool all_read = evidence.a.unread.empty() && evidence.b.unread.empty();
  if (!evidence.values_equal && all_read && only_the_form_differs(evidence)) {
    PROV_TRY(evidence.repackaging, compare_forms(a.checkpoint, b.checkpoint, options.stop, heads));
  } else if (evidence.values_equal) {
    evidence.repackaging = {true, container_differences(a.checkpoint, b.checkpoint)};
  }
  return evidence;
}

}  // namespace prov::forensics
