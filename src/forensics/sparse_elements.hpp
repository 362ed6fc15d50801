// Single elements of a child beside a base: the units in which sparse_merge.cpp thinks.
#pragma once

#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include "forensics/merge_gram.hpp"

namespace prov::forensics {

/// One element of the child.
struct SparseElement {
  double change = 0;  // child - base
  double unit = 0;    // in the last place of the larger of the two, in the coarser format

  bool is_untouched() const { return std::abs(change) <= unit / 2; }
  /// A difference of a model to the base that rounding cannot blur.
  bool is_clear(double task) const {
    constexpr double kClear = 16;  // units in the last place
    return unit > 0 && std::abs(task) >= kClear * unit;
  }
  bool is_near(double expected) const {
    constexpr double kTolerance = 0.02;
    return std::abs(change - expected) <= 1.5 * unit + kTolerance * std::abs(expected);
  }
};

/// The kept elements of all sites where the base has a counterpart, one after the other. Refers to
/// the sums, which must outlive it.
class SparseElements {
 public:
  SparseElements(std::span<const SiteSums> sums, std::size_t base);

  std::size_t size() const { return elements_.size(); }
  const SparseElement& at(std::size_t i) const { return elements_[i]; }
  /// Model - base at each element; 0 where the model has no counterpart.
  std::vector<double> task_vector(std::size_t model) const;
  /// Index of the first element of each site, and the end.
  const std::vector<std::size_t>& begins() const { return begins_; }

 private:
  std::size_t base_;
  std::vector<const ElementSample*> samples_;
  std::vector<std::size_t> begins_;
  std::vector<SparseElement> elements_;
};

/// The ratio at which `ratios` crowd, if they do so sharply: several times more than beside it.
/// `share` and `background` are of all ratios, in a window of .15.
struct RatioPeak {
  double ratio = 0, share = 0, background = 0;
};
std::optional<RatioPeak> find_ratio_peak(const std::vector<double>& ratios);

}  // namespace prov::forensics
