#include "fingerprint/compare_responses.hpp"

#include "fingerprint/neuron_words.hpp"
#include "fingerprint/sign_projection.hpp"
#include "unit/fingerprint/small_fingerprint.hpp"

namespace prov::fingerprint {
namespace {

// 3 layers of 160 units, width 24, 300 tokens.
SmallModel model(std::uint64_t seed) { return {3, 160, 24, 300, seed}; }

TEST(CompareResponses, AModelAndItselfAgreeOnEveryUnit) {
  const Standard standard = fingerprint_of(model(1)).standard;
  const auto search = compare_responses(standard, standard);
  EXPECT_EQ(search.tokens.share(), 1);
  EXPECT_EQ(search.tokens_used, kStandardTokens);
  EXPECT_LT(search.tokens.log10_p, -300);
  EXPECT_LT(search.tokens.background_share, 0.1);
  ASSERT_EQ(search.tokens.best.size(), 3U);
  for (const auto& match : search.tokens.best) EXPECT_EQ(match.a, match.b);
}

TEST(CompareResponses, SeesThroughARotatedStreamAndShuffledUnits) {
  SmallModel laundered = model(1);
  laundered.shuffle_units(5);
  laundered.rotate_stream(6);
  const auto a = fingerprint_of(model(1)), b = fingerprint_of(laundered);
  const auto search = compare_responses(a.standard, b.standard);
  EXPECT_GT(search.tokens.share(), 0.95);
  for (const auto& match : search.tokens.best) EXPECT_LT(match.in_place, 0.2);
  EXPECT_GT(shared_words(a.sketch.words, b.sketch.words), a.sketch.words.size() * 9 / 10);
}

TEST(CompareResponses, StrangersAgreeByChance) {
  const auto search =
      compare_responses(fingerprint_of(model(1)).standard, fingerprint_of(model(1000)).standard);
  ASSERT_TRUE(search.tokens.missing.empty());
  EXPECT_LT(search.tokens.share(), 0.06);
  EXPECT_GT(search.tokens.log10_p, -4);
}

TEST(CompareResponses, IsSymmetric) {
  SmallModel changed = model(1);
  changed.layers.pop_back();
  for (auto& layer : changed.layers)
    layer.gate = tests::mixed(layer.gate, 0.5F, tests::random_matrix(160, 24, 77));
  const Standard a = fingerprint_of(model(1)).standard, b = fingerprint_of(changed).standard;
  const auto ab = compare_responses(a, b), ba = compare_responses(b, a);
  EXPECT_EQ(ab.tokens.agreeing, ba.tokens.agreeing);
  EXPECT_EQ(ab.tokens.units, ba.tokens.units);
  EXPECT_EQ(ab.tokens.log10_p, ba.tokens.log10_p);
}

TEST(CompareResponses, OneSampledLayerFindsItsPartnerAmongAll) {
  SmallModel laundered = model(1);
  laundered.shuffle_units(5);
  const Standard sampled = sampled_fingerprint_of(laundered).standard;
  const Standard whole = fingerprint_of(model(1)).standard;
  ASSERT_EQ(sampled.mlps.size(), 1U);
  for (const auto& search :
       {compare_responses(sampled, whole), compare_responses(whole, sampled)}) {
    ASSERT_EQ(search.tokens.best.size(), 1U);  // layers that were not sampled ask for no partner
    EXPECT_EQ(search.tokens.best[0].a + search.tokens.best[0].b, 0U + 1U);
    EXPECT_GT(search.tokens.share(), 0.95);
    EXPECT_LT(search.tokens.background_share, 0.1);
  }
  const auto strangers = compare_responses(sampled, fingerprint_of(model(1000)).standard);
  EXPECT_LT(strangers.tokens.share(), 0.1);
  EXPECT_GT(strangers.tokens.log10_p, -4);
}

TEST(CompareResponses, SaysWhyNot) {
  const Standard by_text = fingerprint_of(model(1)).standard;
  const Standard by_id = fingerprint_of(model(1).opened(false)).standard;
  EXPECT_EQ(compare_responses(by_text, by_id).tokens.missing, "one model has no tokenizer");
  EXPECT_TRUE(compare_responses(by_id, by_id).tokens.missing.empty());
  Standard none;
  none.missing = "no MLP was recognised";
  EXPECT_EQ(compare_responses(by_text, none).tokens.missing, none.missing);
  EXPECT_EQ(compare_responses(none, by_text).tokens.missing, none.missing);
}

}  // namespace
}  // namespace prov::fingerprint
