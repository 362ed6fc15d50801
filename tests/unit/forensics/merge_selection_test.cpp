#include "forensics/merge_selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace prov::forensics {
namespace {

using testing::ElementsAre;

constexpr SelectionRule kRule{0.30, 3, 0.9};

/// Vectors by their coordinates on orthogonal axes, so that Grams can be written down.
MergeGram gram_of(const std::vector<double>& child,
                  const std::vector<std::vector<double>>& models) {
  MergeGram gram(models.size());
  const auto coordinate = [&](std::size_t model, std::size_t axis) {
    return (model < models.size() ? models[model][axis] : 0) - child[axis];
  };
  for (std::size_t i = 0; i < gram.models; ++i) {
    for (std::size_t j = 0; j < gram.models; ++j) {
      for (std::size_t axis = 0; axis < child.size(); ++axis)
        gram.products[i * gram.models + j] += coordinate(i, axis) * coordinate(j, axis);
    }
  }
  gram.elements = 10000;
  return gram;
}

Selection select(const MergeGram& gram, const std::vector<std::size_t>& candidates,
                 std::optional<std::size_t> base = std::nullopt) {
  return select_parents(std::span(&gram, 1), gram, candidates, base, kRule);
}

// Axes: what all share, two task vectors, noise of storage.
constexpr double kDust = 0.0001;

TEST(SelectParents, TakesTheParentsAndStops) {
  const MergeGram gram =
      gram_of({10, 0.5, 0.5, kDust, 0}, {{10, 1, 0, 0, 0}, {10, 0, 1, 0, 0}, {10, 0, 0, 0, 1}});
  const Selection selection = select(gram, {0, 1, 2});
  EXPECT_THAT(selection.parents, testing::UnorderedElementsAre(0U, 1U));
  ASSERT_EQ(selection.attempts.size(), 3U);
  EXPECT_TRUE(selection.attempts[1].accepted);
  EXPECT_FALSE(selection.attempts[2].accepted);
  EXPECT_EQ(selection.attempts[2].model, 2U);
  EXPECT_EQ(selection.attempts[0].runner_up.has_value(), true);
}

TEST(SelectParents, ExchangesARelativeThatCameFirst) {
  // Candidate 0 lies nearest to the child, but 1 and 2 together are it.
  const MergeGram gram =
      gram_of({10, 1, 1, kDust, 0}, {{10, 0.9, 0.9, 0, 0.05}, {10, 2, 0, 0, 0}, {10, 0, 2, 0, 0}});
  EXPECT_THAT(select(gram, {0, 1, 2}).parents, testing::UnorderedElementsAre(1U, 2U));
}

TEST(SelectParents, ABaseExplainsFirst) {
  // A sibling shares a quarter of the child's difference to the base: too little.
  const MergeGram gram = gram_of({10, 1, 0, 0}, {{10, 0, 0, 0}, {10, 0.5, 0.87, 0}});
  const Selection with = select(gram, {1}, 0);
  EXPECT_TRUE(with.parents.empty());
  ASSERT_EQ(with.attempts.size(), 1U);
  EXPECT_NEAR(with.attempts[0].explained, 0.25, 0.02);
  // A parent carries all of it.
  EXPECT_THAT(select(gram_of({10, 1, kDust, 0}, {{10, 0, 0, 0}, {10, 2, 0, 0}}), {1}, 0).parents,
              ElementsAre(1U));
}

TEST(SelectParents, EndsWhereNothingIsLeft) {
  const MergeGram gram = gram_of({10, 1, 0}, {{10, 1, 0}, {10, 0, 1}});
  const Selection selection = select(gram, {0, 1});
  EXPECT_THAT(selection.parents, ElementsAre(0U));
  EXPECT_EQ(selection.attempts.size(), 1U);
}

TEST(SelectParents, FindsNothingAmongStrangersOrNobody) {
  const MergeGram gram = gram_of({10, 0, 0}, {{0, 10, 0}, {0, 0, 10}});
  EXPECT_TRUE(select(gram, {0, 1}).parents.empty());
  EXPECT_TRUE(select(gram, {}).attempts.empty());
}

TEST(LayeredResidual, FitsEachLayerByItself) {
  const std::vector<MergeGram> layers = {gram_of({1, 0}, {{1, 0}, {0, 1}}),
                                         gram_of({0, 1}, {{1, 0}, {0, 1}})};
  const std::array<std::size_t, 2> models{0, 1};
  EXPECT_NEAR(layered_residual(layers, models), 0, 1e-12);
  MergeGram total = layers[0];
  total += layers[1];
  EXPECT_GT(fit_residual(total, models), 0.5);
}

}  // namespace
}  // namespace prov::forensics
