#include "forensics/tensor_pairs.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/checkpoints.hpp"

namespace prov::forensics {
namespace {

using tests::Safetensors;

TEST(PairTensors, MatchesByRoleWhateverTheName) {
  const model::Checkpoint a = opened(Safetensors()
                                         .f32("model.embed_tokens.weight", {2, 2}, {1, 2, 3, 4})
                                         .f32("model.norm.weight", {2}, {1, 1}));
  const model::Checkpoint b = opened(Safetensors()
                                         .f32("transformer.wte.weight", {2, 2}, {1, 2, 3, 4})
                                         .f32("transformer.ln_f.weight", {2}, {1, 1}));
  const TensorPairing pairing = pair_tensors(a, {}, b, {});
  EXPECT_EQ(pairing.pairs.size(), 2U);
  EXPECT_TRUE(pairing.complete());
  EXPECT_FALSE(pairing.equal_hashes());  // none is known
}

TEST(PairTensors, CountsWhatStandsAloneAndWhatDiffersInShape) {
  const model::Checkpoint a = opened(Safetensors()
                                         .f32("model.embed_tokens.weight", {2, 2}, {1, 2, 3, 4})
                                         .f32("lm_head.weight", {2, 2}, {1, 2, 3, 4}));
  const model::Checkpoint b =
      opened(Safetensors().f32("model.embed_tokens.weight", {3, 2}, {1, 2, 3, 4, 5, 6}));
  const TensorPairing pairing = pair_tensors(a, {}, b, {});
  EXPECT_EQ(pairing.pairs.size(), 1U);
  EXPECT_EQ(pairing.same_shape(), 0U);
  EXPECT_EQ(pairing.only_a.size(), 1U);
  EXPECT_FALSE(pairing.complete());
}

TEST(PairTensors, LeavesBuffersOut) {
  const model::Checkpoint a = opened(Safetensors()
                                         .f32("h.0.ln_1.weight", {2}, {1, 1})
                                         .f32("h.0.attn.bias", {1, 1, 2, 2}, {1, 0, 1, 1}));
  const model::Checkpoint b = opened(Safetensors().f32("h.0.ln_1.weight", {2}, {1, 1}));
  EXPECT_TRUE(pair_tensors(a, {}, b, {}).complete());
}

TEST(PairTensors, FindsARenamedTensorByItsContentOnly) {
  const model::Checkpoint a = opened(Safetensors().f32("model.norm.weight", {2}, {1, 2}));
  const model::Checkpoint b = opened(Safetensors().f32("zzz.blob", {2}, {1, 2}));
  const base::ContentHash hash{1, 2}, other{3, 4};
  EXPECT_TRUE(
      pair_tensors(a, {{"model.norm.weight", hash}}, b, {{"zzz.blob", hash}}).equal_hashes());
  EXPECT_TRUE(
      pair_tensors(a, {{"model.norm.weight", hash}}, b, {{"zzz.blob", other}}).pairs.empty());
  EXPECT_TRUE(pair_tensors(a, {}, b, {}).pairs.empty());
}

}  // namespace
}  // namespace prov::forensics
