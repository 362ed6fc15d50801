#include "fingerprint/compare_samples.hpp"

#include "fingerprint/sign_projection.hpp"
#include "unit/fingerprint/small_fingerprint.hpp"

namespace prov::fingerprint {
namespace {

SmallModel model(std::uint64_t seed) { return {3, 160, 24, 300, seed}; }

TEST(CompareSamples, TheOrderOfUnitsSpeaksOfATunedCopy) {
  SmallModel tuned = model(1);
  for (auto& layer : tuned.layers)
    layer.up = tests::mixed(layer.up, 0.3F, tests::random_matrix(160, 24, 77));
  const auto a = fingerprint_of(model(1)), b = fingerprint_of(tuned);
  const auto axis = compare_samples(a.standard, b.standard);
  ASSERT_EQ(axis.ordered().size(), 3U);
  for (const auto* mlp : axis.ordered()) {
    EXPECT_GT(mlp->order->z, 12);
    EXPECT_GT(mlp->order->cosine, 0.9);
  }
  EXPECT_LT(axis.order.at(0, 1)->z, 5);
  EXPECT_TRUE(axis.geometry.empty());
  EXPECT_LT(differing_bits(a.sketch.positional, b.sketch.positional), 3000U);
}

TEST(CompareSamples, TheGeometrySpeaksOfARotatedCopy) {
  SmallModel rotated = model(1);
  for (const std::uint64_t seed : {6U, 16U, 26U, 36U}) rotated.rotate_stream(seed);
  const auto a = fingerprint_of(model(1)), b = fingerprint_of(rotated);
  const auto axis = compare_samples(a.standard, b.standard);
  ASSERT_EQ(axis.measured().size(), 3U);
  for (const auto* mlp : axis.measured()) EXPECT_GT(mlp->geometry->z, 12);
  EXPECT_LT(differing_bits(a.sketch.hidden_axis, b.sketch.hidden_axis), 1000U);
  EXPECT_GT(differing_bits(a.sketch.positional, b.sketch.positional), 3500U);
}

TEST(CompareSamples, StrangersShowNothing) {
  const auto a = fingerprint_of(model(1)), b = fingerprint_of(model(1000));
  const auto axis = compare_samples(a.standard, b.standard);
  for (const auto* table : {&axis.order, &axis.geometry}) {
    for (const auto& cell : table->cells) EXPECT_LT(std::abs(cell->z), 5);
  }
  EXPECT_NEAR(static_cast<double>(differing_bits(a.sketch.positional, b.sketch.positional)), 4096,
              300);
  EXPECT_NEAR(static_cast<double>(differing_bits(a.sketch.hidden_axis, b.sketch.hidden_axis)), 4096,
              300);
}

TEST(CompareSamples, OtherWidthsAreNotCompared) {
  const SmallModel wider(3, 170, 24, 300, 1);
  const auto axis =
      compare_samples(fingerprint_of(model(1)).standard, fingerprint_of(wider).standard);
  EXPECT_EQ(axis.different_widths, 3U);
  EXPECT_TRUE(axis.ordered().empty() && axis.measured().empty());
}

}  // namespace
}  // namespace prov::fingerprint
