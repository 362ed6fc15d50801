// The norms of the outputs of a weight: ||row|| of the matrix W of y = W x, however it is stored.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/element_visitor.hpp"
#include "model/weight_view.hpp"

namespace prov::model {

/// Collects them while the elements of the view's tensor go by; elements beside the view are passed
/// over.
class OutputNorms final : public ElementVisitor {
 public:
  /// Inputs count `gains` times (empty: once); `gains` must outlive it. `subtract_mean`: the mean
  /// of every row is taken out first.
  OutputNorms(const WeightView& view, std::span<const float> gains, bool subtract_mean);

  void visit(std::uint64_t begin, std::span<const float> elements) override;

  /// The smallest range of the tensor that holds the view.
  ElementRange range() const;
  /// All elements of the range went by.
  bool is_complete() const { return seen_ == range().count; }
  /// One an output, in double. Once is_complete().
  std::vector<double> norms() const;

 private:
  void add_outputs(std::uint64_t row, std::uint64_t column, std::span<const float> part);
  void add_inputs(std::uint64_t row, std::uint64_t column, std::span<const float> part);

  WeightView view_;
  std::span<const float> gains_;
  std::uint64_t lines_ = 0, width_ = 0;  // stored rows, and how far the view reaches in each
  std::uint64_t seen_ = 0;
  std::vector<double> squares_, sums_;  // sums only where the mean is taken out
};

}  // namespace prov::model
