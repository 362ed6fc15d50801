#include "forensics/merge_fit.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {
namespace {

/// The Gram of vectors, as reading weights would give it.
MergeGram gram_of(const std::vector<float>& child, const std::vector<std::vector<float>>& models) {
  MergeGram gram(models.size());
  const auto difference = [&](std::size_t model, std::size_t i) {
    const double value = model < models.size() ? static_cast<double>(models[model][i]) : 0;
    return value - static_cast<double>(child[i]);
  };
  for (std::size_t i = 0; i < gram.models; ++i) {
    for (std::size_t j = 0; j < gram.models; ++j) {
      for (std::size_t k = 0; k < child.size(); ++k)
        gram.products[i * gram.models + j] += difference(i, k) * difference(j, k);
    }
  }
  gram.elements = child.size();
  return gram;
}

std::vector<float> random_vector(std::uint64_t seed) { return random_matrix(1, 2000, seed).values; }

std::vector<float> mixture(double a, const std::vector<float>& x, double b,
                           const std::vector<float>& y) {
  std::vector<float> result;
  for (std::size_t i = 0; i < x.size(); ++i) {
    result.push_back(
        static_cast<float>(a * static_cast<double>(x[i]) + b * static_cast<double>(y[i])));
  }
  return result;
}

TEST(FitMerge, FindsTheWeightsOfAMean) {
  const auto x = random_vector(1), y = random_vector(2), z = random_vector(3);
  const MergeGram gram = gram_of(mixture(0.3, x, 0.7, y), {x, y, z});
  const auto fit = fit_merge(gram, std::array<std::size_t, 3>{0, 1, 2});
  ASSERT_TRUE(fit.has_value());
  EXPECT_NEAR(fit->weights[0], 0.3, 1e-6);
  EXPECT_NEAR(fit->weights[1], 0.7, 1e-6);
  EXPECT_NEAR(fit->weights[2], 0, 1e-6);
  EXPECT_NEAR(fit->residual, 0, 1e-9);
}

TEST(FitMerge, TheZeroModelFreesTheSum) {
  const auto x = random_vector(1), y = random_vector(2);
  const MergeGram gram = gram_of(mixture(0.8, x, 0.6, y), {x, y});
  const auto bound = fit_merge(gram, std::array<std::size_t, 2>{0, 1});
  const auto free = fit_merge(gram, std::array<std::size_t, 3>{0, 1, 2});
  ASSERT_TRUE(bound && free);
  EXPECT_NEAR(bound->weights[0] + bound->weights[1], 1, 1e-12);
  EXPECT_GT(bound->residual, 10);
  EXPECT_NEAR(free->weights[0], 0.8, 1e-6);
  EXPECT_NEAR(free->weights[1], 0.6, 1e-6);
  EXPECT_NEAR(free->weights[2], -0.4, 1e-6);
}

TEST(FitMerge, StandardErrorsCoverTheTruth) {
  const auto x = random_vector(1), y = random_vector(2), noise = random_vector(4);
  const auto child = mixture(1, mixture(0.3, x, 0.7, y), 0.5, noise);
  const auto fit = fit_merge(gram_of(child, {x, y}), std::array<std::size_t, 2>{0, 1});
  ASSERT_TRUE(fit.has_value());
  // Noise .5, 200 observations, variance of x - y is 2.
  EXPECT_NEAR(fit->errors[0], 0.5 / std::sqrt(200 * 2.0), 0.003);
  EXPECT_NEAR(fit->errors[0], fit->errors[1], 1e-9);
  EXPECT_LT(std::abs(fit->weights[0] - 0.3), 3 * fit->errors[0]);
}

TEST(FitMerge, IsAbsentWhereModelsCannotBeToldApart) {
  const auto x = random_vector(1), y = random_vector(2);
  const MergeGram gram = gram_of(y, {x, x, y});
  EXPECT_FALSE(fit_merge(gram, std::array<std::size_t, 2>{0, 1}).has_value());
  EXPECT_FALSE(fit_merge(gram, {}).has_value());
  EXPECT_FALSE(fit_merge(MergeGram(2), std::array<std::size_t, 1>{0}).has_value());
  // Without the dependent one the residual is that of the first.
  EXPECT_DOUBLE_EQ(fit_residual(gram, std::array<std::size_t, 2>{0, 1}), gram.at(0, 0));
  EXPECT_DOUBLE_EQ(fit_residual(gram, {}), gram.child_square());
}

TEST(FitMerge, ACopyHasWeightOneAndLeavesNothing) {
  const auto x = random_vector(1), y = random_vector(2);
  const auto fit = fit_merge(gram_of(x, {x, y}), std::array<std::size_t, 2>{0, 1});
  ASSERT_TRUE(fit.has_value());
  EXPECT_DOUBLE_EQ(fit->weights[0], 1);
  EXPECT_DOUBLE_EQ(fit->residual, 0);
  EXPECT_DOUBLE_EQ(fit->errors[0], 0);
}

TEST(TaskVectorCorrelation, IsTheCosineOfTheDifferences) {
  const auto base = random_vector(1), step = random_vector(2), other = random_vector(3);
  const auto a = mixture(1, base, 0.1, step);
  const auto b = mixture(1, a, 0.1, other);  // base + .1 step + .1 other
  const MergeGram gram = gram_of(random_vector(9), {base, a, b});
  EXPECT_NEAR(task_vector_correlation(gram, 0, 1, 2).value_or(0), std::sqrt(0.5), 0.03);
  EXPECT_FALSE(task_vector_correlation(gram, 0, 0, 1).has_value());
}

}  // namespace
}  // namespace prov::forensics
