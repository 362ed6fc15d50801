#include "fingerprint/quantised_rows.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace prov::fingerprint {
namespace {

constexpr float kLargestCode = 127;

/// 0 if a number is not finite, or so small that dividing by the scale would overflow.
float scale_of(std::span<const float> row) {
  float largest = 0;
  for (const float value : row) {
    if (!std::isfinite(value)) return 0;
    largest = std::max(largest, std::abs(value));
  }
  const float scale = largest / kLargestCode;
  return std::isnormal(scale) ? scale : 0;
}

}  // namespace

QuantisedRows quantise_rows(const numeric::Matrix& matrix) {
  QuantisedRows result{.columns = matrix.columns, .scales = {}, .codes = {}};
  result.codes.reserve(matrix.values.size());
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    const float scale = scale_of(matrix.row(i));
    result.scales.push_back(scale);
    for (const float value : matrix.row(i)) {
      const float code = scale > 0 ? std::nearbyint(value / scale) : 0;
      result.codes.push_back(
          static_cast<std::int8_t>(std::clamp(code, -kLargestCode, kLargestCode)));
    }
  }
  return result;
}

numeric::Matrix restore_rows(const QuantisedRows& rows, const std::vector<std::uint32_t>& columns) {
  numeric::Matrix result(rows.rows(), columns.size());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const std::int8_t* codes = rows.codes.data() + i * rows.columns;
    for (std::size_t j = 0; j < columns.size(); ++j)
      result.row(i)[j] = rows.scales[i] * static_cast<float>(codes[columns[j]]);
  }
  return result;
}

numeric::Matrix restore_rows(const QuantisedRows& rows) {
  std::vector<std::uint32_t> columns(rows.columns);
  std::iota(columns.begin(), columns.end(), 0U);
  return restore_rows(rows, columns);
}

}  // namespace prov::fingerprint
