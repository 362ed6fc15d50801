#include "model/output_norms.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "numeric/kernels/kernels.hpp"
#include "numeric/sums.hpp"

namespace prov::model {
namespace {

double sum_of(std::span<const float> values, std::span<const float> gains) {
  if (!gains.empty())
    return std::inner_product(values.begin(), values.end(), gains.begin(), 0.0, std::plus(),
                              [](float a, float b) { return static_cast<double>(a * b); });
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [](double sum, float value) { return sum + static_cast<double>(value); });
}

}  // namespace

OutputNorms::OutputNorms(const WeightView& view, std::span<const float> gains, bool subtract_mean)
    : view_(view),
      gains_(gains),
      lines_(view.transposed ? view.inputs : view.outputs),
      width_(view.transposed && view.outputs > 0 ? view.stored_row(view.outputs - 1) + 1
                                                 : view.inputs),
      squares_(view.outputs, 0),
      sums_(subtract_mean ? view.outputs : 0, 0) {}

ElementRange OutputNorms::range() const {
  if (view_.outputs == 0 || view_.inputs == 0) return {view_.origin, 0};
  return {view_.origin, (lines_ - 1) * view_.stride + width_};
}

/// Row by row; rows are cut where blocks are, so that pieces do not matter.
void OutputNorms::visit(std::uint64_t begin, std::span<const float> elements) {
  const ElementRange range = this->range();
  const std::uint64_t first = std::max(begin, range.begin);
  const std::uint64_t end = std::min(begin + elements.size(), range.begin + range.count);
  if (first >= end) return;
  seen_ += end - first;
  for (std::uint64_t at = first; at < end;) {
    const std::uint64_t row = (at - view_.origin) / view_.stride;
    const std::uint64_t column = (at - view_.origin) % view_.stride;
    const std::uint64_t next_row = view_.origin + (row + 1) * view_.stride;
    if (column < width_) {
      const std::uint64_t block_end = (at / numeric::kBlock + 1) * numeric::kBlock;
      const std::uint64_t part_end = std::min({end, block_end, next_row - view_.stride + width_});
      const auto part = elements.subspan(static_cast<std::size_t>(at - begin),
                                         static_cast<std::size_t>(part_end - at));
      view_.transposed ? add_inputs(row, column, part) : add_outputs(row, column, part);
      at = part_end;
    } else {
      at = std::min(end, next_row);
    }
  }
}

void OutputNorms::add_outputs(std::uint64_t row, std::uint64_t column,
                              std::span<const float> part) {
  const auto gains =
      gains_.empty() ? gains_ : gains_.subspan(static_cast<std::size_t>(column), part.size());
  squares_[row] +=
      gains.empty() ? numeric::dot(part, part) : numeric::scaled_square_sum(part, gains);
  if (!sums_.empty()) sums_[row] += sum_of(part, gains);
}

void OutputNorms::add_inputs(std::uint64_t row, std::uint64_t column, std::span<const float> part) {
  const double gain = gains_.empty() ? 1.0 : static_cast<double>(gains_[row]);
  if (view_.block == 0) {
    numeric::add_each_square(
        part, gain, std::span(squares_).subspan(static_cast<std::size_t>(column), part.size()));
    for (std::size_t i = 0; i < part.size() && !sums_.empty(); ++i)
      sums_[column + i] += gain * static_cast<double>(part[i]);
    return;
  }
  for (std::size_t i = 0; i < part.size(); ++i) {  // between the outputs stands another part
    const std::uint64_t group = (column + i) / view_.group, place = (column + i) % view_.group;
    if (place >= view_.block) continue;
    const std::uint64_t output = group * view_.block + place;
    const double value = gain * static_cast<double>(part[i]);
    squares_[output] += value * value;
    if (!sums_.empty()) sums_[output] += value;
  }
}

std::vector<double> OutputNorms::norms() const {
  std::vector<double> norms = squares_;
  for (std::size_t o = 0; o < norms.size(); ++o) {
    if (!sums_.empty()) norms[o] -= sums_[o] * sums_[o] / static_cast<double>(view_.inputs);
    norms[o] = std::sqrt(std::max(norms[o], 0.0));
  }
  return norms;
}

}  // namespace prov::model
