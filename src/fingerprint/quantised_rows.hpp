#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "numeric/matrix.hpp"

namespace prov::fingerprint {

/// Rows in one byte a number: value = scale of its row * code, codes -127 .. 127.
struct QuantisedRows {
  std::size_t columns = 0;
  std::vector<float> scales;       // one a row, finite, >= 0; 0: a row of zeros
  std::vector<std::int8_t> codes;  // rows * columns, row-major

  std::size_t rows() const { return scales.size(); }
  friend bool operator==(const QuantisedRows&, const QuantisedRows&) = default;
};

/// The largest number of each row becomes +-127. Rows whose numbers are not all finite become
/// zeros.
QuantisedRows quantise_rows(const numeric::Matrix& matrix);

/// The columns `columns` (each below rows.columns) of the rows.
numeric::Matrix restore_rows(const QuantisedRows& rows, const std::vector<std::uint32_t>& columns);
numeric::Matrix restore_rows(const QuantisedRows& rows);

}  // namespace prov::fingerprint
