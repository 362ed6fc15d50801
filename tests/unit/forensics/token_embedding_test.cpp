#include "forensics/token_embedding.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/checkpoints.hpp"

namespace prov::forensics {
namespace {

constexpr std::uint64_t kTokens = 80, kWidth = 32;

/// An embedding whose row `id` belongs to the token "t<text_of[id]>"; equal texts have equal rows
/// in all models of one seed.
model::Model embedded(const std::vector<std::size_t>& text_of, std::uint64_t seed,
                      bool with_tokenizer = true) {
  const numeric::Matrix rows = reordered(random_matrix(kTokens, kWidth, seed), text_of);
  model::Model model;
  model.checkpoint =
      opened(tests::Safetensors().f32("model.embed_tokens.weight", {kTokens, kWidth}, rows.values));
  if (!with_tokenizer) return model;
  model.tokenizer.emplace();
  for (std::uint32_t id = 0; id < kTokens; ++id)
    model.tokenizer->vocabulary.emplace_back("t" + std::to_string(text_of[id]), id);
  return model;
}

TokenAgreement compared(const model::Model& a, const model::Model& b) {
  auto agreement = compare_token_embeddings(a, b);
  EXPECT_TRUE(agreement);
  return *agreement;
}

TEST(TokenEmbedding, FollowsTheTextThroughAReindexedVocabulary) {
  const auto order = random_order(kTokens, 1), other = random_order(kTokens, 2);
  const TokenAgreement agreement = compared(embedded(order, 7), embedded(other, 7));
  EXPECT_EQ(agreement.common, kTokens);
  EXPECT_NEAR(*agreement.mean_cosine, 1, 1e-6);
  EXPECT_DOUBLE_EQ(*agreement.identical_share, 1);
  EXPECT_LT(*compared(embedded(order, 7, false), embedded(other, 7, false)).mean_cosine, 0.5);
}

TEST(TokenEmbedding, SeesThroughASwappedTokenizer) {
  const auto order = random_order(kTokens, 1), other = random_order(kTokens, 2);
  const model::Model a = embedded(order, 7);
  model::Model swapped = embedded(order, 7);
  swapped.tokenizer = embedded(other, 7).tokenizer;
  const TokenAgreement agreement = compared(a, swapped);
  EXPECT_LT(*agreement.geometry, 0.5);
  EXPECT_NEAR(agreement.geometry_by_id.value(), 1, 1e-6);
  EXPECT_FALSE(compared(a, a).geometry_by_id);
}

TEST(TokenEmbedding, SeesStrangers) {
  const auto order = random_order(kTokens, 1);
  const TokenAgreement agreement = compared(embedded(order, 7), embedded(order, 8));
  EXPECT_LT(std::abs(*agreement.mean_cosine), 0.2);
  EXPECT_DOUBLE_EQ(*agreement.identical_share, 0);
}

TEST(TokenEmbedding, IgnoresIdsBeyondTheEmbedding) {
  const auto order = random_order(kTokens, 1);
  model::Model a = embedded(order, 7);
  a.tokenizer->added_tokens.push_back(
      {.id = 4000000000U, .content = "t3"});  // does not hide the row that exists
  EXPECT_EQ(compared(a, embedded(order, 7)).common, kTokens);
}

TEST(TokenEmbedding, SaysWhatIsMissing) {
  const auto order = random_order(kTokens, 1);
  model::Model strange = embedded(order, 7);
  for (auto& [text, id] : strange.tokenizer->vocabulary) text += "x";
  EXPECT_FALSE(compared(embedded(order, 7), strange).missing.empty());
  model::Model bare;
  EXPECT_FALSE(compared(embedded(order, 7), bare).missing.empty());
}

}  // namespace
}  // namespace prov::forensics
