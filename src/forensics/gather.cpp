#include "forensics/gather.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "forensics/equal_values.hpp"

namespace prov::forensics {
namespace {

SideFacts side_facts(const model::Model& model) {
  SideFacts facts{read_declarations(model), model.checkpoint.tensors.size(), 0};
  facts.explained = static_cast<std::size_t>(std::ranges::count_if(
      model.checkpoint.tensors,
      [](const model::Tensor& tensor) { return tensor.role.kind != model::RoleKind::unknown; }));
  return facts;
}

/// Gemma 1 to 3 store the gains of their norms minus one.
NormConvention norm_convention(const Declarations& declared) {
  constexpr std::string_view kMinusOne[] = {"gemma", "gemma2", "gemma3", "gemma3_text"};
  const bool minus_one = declared.model_type &&
                         std::ranges::find(kMinusOne, *declared.model_type) != std::end(kMinusOne);
  return {.gain_minus_one = minus_one};
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
  PROV_TRY(evidence.hidden,
           compare_hidden_axis(a.checkpoint, norm_convention(evidence.a.declared), b.checkpoint,
                               norm_convention(evidence.b.declared), options.stop));
  PROV_TRY(evidence.residual, compare_residual_axis(a.checkpoint, b.checkpoint, options.stop));
  PROV_TRY(evidence.tokens, compare_token_embeddings(a, b));

  const bool known_to_differ = std::ranges::any_of(pairing.pairs, &TensorPair::unequal_hash);
  if (evidence.agreement.every_sample_equal && !known_to_differ) {
    PROV_TRY(evidence.values_equal,
             all_values_equal(a.checkpoint, b.checkpoint, pairing, options.progress, options.stop));
  }
  return evidence;
}

}  // namespace prov::forensics
