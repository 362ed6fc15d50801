#include "signals/eas.hpp"

#include <algorithm>
#include <cmath>

#include "numeric/gemm.hpp"
#include "numeric/sums.hpp"

namespace prov::signals {
namespace {

// The cosines above the diagonal of the first k anchors, row by row.
std::vector<float> upper_triangle(const EasRecord& record, std::size_t k) {
  std::vector<float> values;
  values.reserve(k * (k - 1) / 2);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = i + 1; j < k; ++j)
      values.push_back(record.cosines[i * record.anchors + j]);
  }
  return values;
}

}  // namespace

EasRecord make_eas(std::span<const float> rows, std::size_t columns) {
  const std::size_t anchors = columns == 0 ? 0 : rows.size() / columns;
  std::vector<float> unit(rows.begin(), rows.end());
  for (std::size_t i = 0; i < anchors; ++i) {
    const std::span<float> row(unit.data() + i * columns, columns);
    const auto squares = numeric::square_sum(std::span<const float>(row));
    if (squares.non_finite > 0)
      return {.missing = "the embedding of an anchor token is not finite"};
    const float norm = std::max(static_cast<float>(std::sqrt(squares.sum)), 1e-8f);
    for (float& value : row) value /= norm;
  }
  EasRecord record{.anchors = static_cast<std::uint32_t>(anchors),
                   .cosines = std::vector<float>(anchors * anchors)};
  numeric::multiply_by_transpose(unit, anchors, unit, anchors, columns, record.cosines);
  return record;
}

Similarity eas_similarity(const EasRecord& a, const EasRecord& b) {
  const std::size_t k = std::min(a.anchors, b.anchors);
  if (k < 8) return std::nullopt;
  return mapped_pearson(upper_triangle(a, k), upper_triangle(b, k));
}

}  // namespace prov::signals
