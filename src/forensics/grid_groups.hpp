// The groups of a block that share a scale on a quantiser's grid.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "numeric/matrix.hpp"

namespace prov::forensics {

/// [begin, begin + size) of the values of a matrix.
struct GroupRange {
  std::size_t begin, size;
};

/// Row by row, `group` columns each, the last one of a row shorter; 0: the whole block is one.
inline std::vector<GroupRange> groups_of(const numeric::Matrix& matrix, std::size_t group) {
  if (group == 0) return {{0, matrix.values.size()}};
  std::vector<GroupRange> result;
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; j += group)
      result.push_back({i * matrix.columns + j, std::min(group, matrix.columns - j)});
  }
  return result;
}

}  // namespace prov::forensics
