#include "model/restoration.hpp"

namespace prov::model {

bool Restoration::fits(std::uint64_t rows) const {
  switch (order) {
    case RowOrder::as_they_stand:
      return true;
    case RowOrder::rotary_pairs:
      return heads > 0 && heads <= rows && rows % heads == 0 && rows / heads % 2 == 0;
    case RowOrder::parts_apart:
      // Each sum below is at most 3 * rows, and rows fit a file.
      return key_heads > 0 && heads <= rows && key_heads <= heads && heads % key_heads == 0 &&
             rows % (heads + 2 * key_heads) == 0;
  }
  return false;
}

std::uint64_t Restoration::stored_row(std::uint64_t row, std::uint64_t rows) const {
  switch (order) {
    case RowOrder::as_they_stand:
      return row;
    case RowOrder::rotary_pairs: {
      const std::uint64_t size = rows / heads;
      const std::uint64_t head = row / size, within = row % size;
      return head * size + within % (size / 2) * 2 + within / (size / 2);
    }
    case RowOrder::parts_apart: {
      const std::uint64_t size = rows / (heads + 2 * key_heads);
      const std::uint64_t queries = heads / key_heads * size;  // rows of a group
      const std::uint64_t group = row / (queries + 2 * size), within = row % (queries + 2 * size);
      if (within < queries) return group * queries + within;
      const bool is_value = within >= queries + size;
      const std::uint64_t part = heads * size + (is_value ? key_heads * size : 0);
      return part + group * size + (within - queries) % size;
    }
  }
  return row;
}

}  // namespace prov::model
