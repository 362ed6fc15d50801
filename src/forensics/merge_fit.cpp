#include "forensics/merge_fit.hpp"

#include <algorithm>
#include <cmath>

#include "numeric/linear_system.hpp"

namespace prov::forensics {
namespace {

/// <x_i - x_r, x_j - x_r> where everything is measured from the child.
double product_from(const MergeGram& gram, std::size_t r, std::size_t i, std::size_t j) {
  return gram.at(i, j) - gram.at(i, r) - gram.at(r, j) + gram.at(r, r);
}

}  // namespace

double residual_of(const MergeGram& gram, std::span<const std::size_t> models,
                   std::span<const double> weights) {
  double sum = 0;
  for (std::size_t i = 0; i < models.size(); ++i) {
    for (std::size_t j = 0; j < models.size(); ++j)
      sum += weights[i] * weights[j] * gram.at(models[i], models[j]);
  }
  return std::max(0.0, sum);
}

std::optional<MergeFit> fit_merge(const MergeGram& gram, std::span<const std::size_t> models) {
  if (models.empty() || gram.elements == 0) return std::nullopt;
  // The nearest model is the origin: differences to it are small, and so are their rounding errors.
  const auto nearest = std::ranges::min_element(
      models, {}, [&](std::size_t model) { return gram.at(model, model); });
  const auto origin = static_cast<std::size_t>(nearest - models.begin());
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (i != origin) others.push_back(i);
  }
  const std::size_t count = others.size(), r = models[origin];
  std::vector<double> normal(count * count), right(count);
  for (std::size_t i = 0; i < count; ++i) {
    right[i] = gram.at(r, r) - gram.at(models[others[i]], r);
    for (std::size_t j = 0; j < count; ++j)
      normal[i * count + j] = product_from(gram, r, models[others[i]], models[others[j]]);
  }
  const auto inverse = numeric::inverse_symmetric(normal, count);
  if (!inverse) return std::nullopt;

  MergeFit fit{std::vector<double>(models.size(), 0), std::vector<double>(models.size(), 0), 0};
  double sum = 0, sum_variance = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double weight = 0;
    for (std::size_t j = 0; j < count; ++j) {
      weight += (*inverse)[i * count + j] * right[j];
      sum_variance += (*inverse)[i * count + j];
    }
    fit.weights[others[i]] = weight;
    fit.errors[others[i]] = (*inverse)[i * count + i];
    sum += weight;
  }
  fit.weights[origin] = 1 - sum;
  fit.errors[origin] = sum_variance;
  fit.residual = residual_of(gram, models, fit.weights);
  const double observations = static_cast<double>(gram.elements) / kElementsAnObservation;
  const double freedom = std::max(1.0, observations - static_cast<double>(count));
  for (double& error : fit.errors) error = std::sqrt(std::max(0.0, error) * fit.residual / freedom);
  return fit;
}

double fit_residual(const MergeGram& gram, std::span<const std::size_t> models) {
  for (std::size_t count = models.size(); count > 0; --count) {
    if (const auto fit = fit_merge(gram, models.first(count))) return fit->residual;
  }
  return gram.child_square();
}

std::optional<double> task_vector_correlation(const MergeGram& gram, std::size_t base,
                                              std::size_t a, std::size_t b) {
  const double square_a = product_from(gram, base, a, a), square_b = product_from(gram, base, b, b);
  if (!(square_a > 0) || !(square_b > 0)) return std::nullopt;
  return product_from(gram, base, a, b) / std::sqrt(square_a) / std::sqrt(square_b);
}

}  // namespace prov::forensics
