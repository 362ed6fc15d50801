// Least squares on a MergeGram: the child as a weighted mean of models.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "forensics/merge_gram.hpp"

namespace prov::forensics {

/// Elements of one matrix are not independent: so many count as one observation.
inline constexpr double kElementsAnObservation = 10;

struct MergeFit {
  std::vector<double> weights;  // one a model, their sum is 1
  std::vector<double> errors;   // standard errors, >= 0
  double residual = 0;          // ||child - sum of weight * model||^2, >= 0
};

/// The weights that sum to one and leave the least, for the distinct `models` (with the zero model:
/// weights of the others that sum to anything). std::nullopt without models or elements, and where
/// the models depend on each other, so that their weights cannot be told apart.
std::optional<MergeFit> fit_merge(const MergeGram& gram, std::span<const std::size_t> models);

/// What fit_merge leaves. Where the models depend on each other, the same without the last ones
/// that do; without models, the square of the child.
double fit_residual(const MergeGram& gram, std::span<const std::size_t> models);

/// ||child - sum of weight * model||^2 for given weights.
double residual_of(const MergeGram& gram, std::span<const std::size_t> models,
                   std::span<const double> weights);

/// Cosine of (a - base) and (b - base); std::nullopt where one is zero.
std::optional<double> task_vector_correlation(const MergeGram& gram, std::size_t base,
                                              std::size_t a, std::size_t b);

}  // namespace prov::forensics
