// Sums of products of what separates a child from each of its candidates: all that least squares
// needs to know of the weights.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "forensics/merge_sites.hpp"

namespace prov::forensics {

/// Sums over sampled elements of (x_i - y)(x_j - y), where y is the child and x_i model i. Models
/// are the candidates in their order and, last, the zero model: a weighted mean with a share of
/// zeros is a sum whose weights need not add up to one. Differences to the child are small, so that
/// nothing is lost to cancellation.
struct MergeGram {
  std::size_t models = 0;        // candidates + 1
  std::vector<double> products;  // models * models, symmetric
  std::uint64_t elements = 0;
  double rounding = 0;  // sum of squared errors expected of rounding the child to one bit

  explicit MergeGram(std::size_t candidates = 0)
      : models(candidates + 1), products(models * models, 0) {}
  std::size_t zero_model() const { return models - 1; }
  double at(std::size_t i, std::size_t j) const { return products[i * models + j]; }
  double child_square() const { return at(zero_model(), zero_model()); }
  MergeGram& operator+=(const MergeGram& other);
};

/// A few elements of a core site as they are, for the tests that look at single elements.
struct ElementSample {
  std::vector<float> child;
  std::vector<std::vector<float>> models;  // by candidate; empty where absent
};

struct SiteSums {
  MergeGram gram;
  ElementSample elements;  // of core sites
  /// Bits of the significand, the hidden one included; the candidates' 0 where absent.
  int child_precision = 0;
  std::vector<int> precisions;

  /// The square that storing a mixture of `models` loses, in the coarsest number format of the
  /// child and them. The zero model has none.
  double rounding(std::span<const std::size_t> models) const;
};

/// Distance of `value` to the next number with `precision` bits of significand; 0 for 0.
double unit_in_last_place(float value, int precision);

/// Reads at most 384 x 384 elements of each site, at equal places in all models, and no more than a
/// few matrices at a time. Candidates without a counterpart leave zeros in `products`. Parallel
/// over sites; results in the order of the sites, whatever the thread count. Errors: those of
/// reading; cancelled.
Result<std::vector<SiteSums>> read_merge_sums(const model::Checkpoint& child,
                                              std::span<const model::Checkpoint* const> candidates,
                                              const MergeSites& sites, const std::stop_token& stop);

}  // namespace prov::forensics
