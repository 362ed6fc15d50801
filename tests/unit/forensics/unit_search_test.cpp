#include "forensics/unit_search.hpp"

#include <gtest/gtest.h>

#include "forensics/layer_correspondence.hpp"
#include "unit/forensics/small_model.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kDepth = 2, kHidden = 96, kWidth = 32, kTokens = 256;

SmallModel base() { return {kDepth, kHidden, kWidth, kTokens, 1}; }

UnitSearch searched(const model::Model& a, const model::Model& b) {
  const auto mlps_a = model::mlps_of(a.checkpoint, {}, 1),
             mlps_b = model::mlps_of(b.checkpoint, {}, 1);
  auto search = search_units(a, mlps_a, b, mlps_b, {}, nullptr, {});
  EXPECT_TRUE(search);
  return *std::move(search);
}

TEST(UnitSearch, ShuffledUnitsAreFoundInTheirOwnCoordinates) {
  SmallModel copy = base();
  copy.shuffle_units(3);
  const UnitSearch search = searched(base().opened(), copy.opened());
  EXPECT_EQ(search.raw.agreeing, search.raw.units);
  EXPECT_LT(search.raw.best.front().in_place, 0.2);
  EXPECT_LT(search.raw.log10_p, -50);
  EXPECT_TRUE(search.complete());
}

TEST(UnitSearch, ARotatedAndShuffledCopyIsFoundThroughItsTokens) {
  SmallModel copy = base();
  copy.shuffle_units(3);
  for (std::uint64_t seed : {7U, 50U, 90U, 130U}) copy.rotate_stream(seed);
  const UnitSearch search = searched(base().opened(), copy.opened());
  EXPECT_LT(search.raw.share(), 0.15);
  EXPECT_GT(search.recovered.share(), 0.95);
  EXPECT_GT(search.tokens.share(), 0.95);
  EXPECT_GT(*search.map_fit, 0.99);
  EXPECT_LT(search.coordinates->matched, 0.5);
  const auto a = base().opened(), b = copy.opened();
  const auto mlps_a = model::mlps_of(a.checkpoint, {}, 1),
             mlps_b = model::mlps_of(b.checkpoint, {}, 1);
  const auto hidden = compare_hidden_axis(a.checkpoint, mlps_a, b.checkpoint, mlps_b, {});
  ASSERT_TRUE(hidden);
  const LayerCorrespondence layers = find_correspondence(*hidden, &search);
  EXPECT_TRUE(layers.basis == MapBasis::units_recovered || layers.basis == MapBasis::units_tokens);
  EXPECT_EQ(layers.found_in_b(), kDepth);
}

/// Random weights have no main directions; trained ones do.
SmallModel trained_like(std::uint64_t seed) {
  SmallModel model(4, kHidden, kWidth, kTokens, seed);
  for (SmallModel::Layer& layer : model.layers) {
    for (numeric::Matrix* matrix : {&layer.gate, &layer.up, &layer.down_t}) {
      for (std::size_t i = 0; i < matrix->rows; ++i) {
        for (std::size_t j = 0; j < matrix->columns; ++j)
          matrix->row(i)[j] *= 1 + 2 / (1 + static_cast<float>(j));
      }
    }
  }
  return model;
}

SmallModel laundered(std::uint64_t seed) {
  SmallModel copy = trained_like(1);
  copy.shuffle_units(seed);
  for (std::uint64_t turn : {7U, 50U, 90U, 130U}) copy.rotate_stream(seed + turn);
  copy.embedding = random_matrix(kTokens, kWidth, seed + 1);
  copy.head = random_matrix(kTokens, kWidth, seed + 2);
  return copy;
}

TEST(UnitSearch, ARotatedAndShuffledCopyWithNewEmbeddingsIsFoundByItsUnits) {
  const auto a = trained_like(1).opened(), b = laundered(300).opened();
  const UnitSearch search = searched(a, b);
  for (const BasisMatch* blind : {&search.raw, &search.recovered, &search.tokens})
    EXPECT_LT(blind->share(), 0.15);
  EXPECT_GT(search.aligned.share(), 0.95);
  EXPECT_LT(search.aligned.best.front().in_place, 0.2);
  const auto mlps_a = model::mlps_of(a.checkpoint, {}, 1),
             mlps_b = model::mlps_of(b.checkpoint, {}, 1);
  const auto hidden = compare_hidden_axis(a.checkpoint, mlps_a, b.checkpoint, mlps_b, {});
  ASSERT_TRUE(hidden);
  const LayerCorrespondence layers = find_correspondence(*hidden, &search);
  EXPECT_EQ(layers.basis, MapBasis::units_aligned);
  EXPECT_EQ(layers.found_in_b(), 4U);
}

TEST(UnitSearch, TheUnitsOfStrangersAreNotAligned) {
  for (std::uint64_t seed : {500U, 900U, 1300U}) {
    const UnitSearch search = searched(trained_like(1).opened(), trained_like(seed).opened());
    EXPECT_TRUE(search.aligned.missing.empty());
    EXPECT_LT(search.aligned.share(), 0.1);
    EXPECT_GT(search.aligned.log10_p, -5);
  }
}

TEST(UnitSearch, TheOtherWayRoundAlignsTheSame) {
  const auto a = trained_like(1).opened(), b = laundered(300).opened();
  const UnitSearch forward = searched(a, b), backward = searched(b, a);
  EXPECT_EQ(forward.aligned.agreeing, backward.aligned.agreeing);
  EXPECT_EQ(forward.aligned.mean_cosine, backward.aligned.mean_cosine);
}

TEST(UnitSearch, SaysWhyUnitsAreNotAligned) {
  const SmallModel deeper(3, kHidden, kWidth, kTokens, 1), single(1, kHidden, kWidth, kTokens, 1),
      other(1, kHidden, kWidth, kTokens, 7);
  EXPECT_FALSE(searched(base().opened(), deeper.opened()).aligned.missing.empty());
  EXPECT_FALSE(searched(single.opened(), other.opened()).aligned.missing.empty());
  EXPECT_NE(searched(base().opened(), base().opened()).aligned.missing.find("not needed"),
            std::string::npos);
}

TEST(UnitSearch, StrangersShowChance) {
  const UnitSearch search =
      searched(base().opened(), SmallModel(kDepth, kHidden, kWidth, kTokens, 500).opened());
  for (const BasisMatch* match : {&search.raw, &search.recovered, &search.tokens}) {
    EXPECT_TRUE(match->missing.empty());
    EXPECT_LT(match->share(), 0.1);
    EXPECT_GT(match->log10_p, -5);
  }
}

TEST(UnitSearch, FindsTheUnitsOfANarrowerModel) {
  SmallModel narrow = base();
  for (SmallModel::Layer& layer : narrow.layers) {
    for (numeric::Matrix* matrix : {&layer.gate, &layer.up, &layer.down_t}) {
      matrix->values.resize(64 * kWidth);
      matrix->rows = 64;
    }
  }
  const UnitSearch search = searched(base().opened(), narrow.opened());
  EXPECT_GT(search.raw.share(), 0.95);
}

TEST(UnitSearch, SaysWhyABasisIsMissing) {
  const SmallModel few(kDepth, kHidden, kWidth, 50, 1);
  const UnitSearch search = searched(few.opened(), few.opened());
  EXPECT_TRUE(search.raw.missing.empty());
  EXPECT_FALSE(search.recovered.missing.empty());
  EXPECT_FALSE(search.tokens.missing.empty());
  model::Model empty;
  const auto mlps = model::mlps_of(few.opened().checkpoint, {}, 1);
  const auto without = search_units(empty, {}, empty, {}, {}, nullptr, {});
  ASSERT_TRUE(without);
  EXPECT_FALSE(without->not_run.empty());
}

TEST(UnitSearch, IsNotConfusedByWeightsThatAreNoNumbers) {
  SmallModel broken = base();
  for (float& value : broken.layers[0].gate.values) value = std::nanf("");
  for (float& value : broken.layers[1].up.values) value = 0;
  const UnitSearch search = searched(base().opened(), broken.opened());
  EXPECT_LT(search.raw.mean_cosine, 1);
  EXPECT_TRUE(std::isfinite(search.raw.log10_p));
}

}  // namespace
}  // namespace prov::forensics
