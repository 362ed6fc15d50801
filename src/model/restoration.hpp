// What a converter did to a tensor and reading undoes, so that rows and values are the model's own.
#pragma once

#include <cstdint>

namespace prov::model {

/// How stored rows are ordered. With D rows a head:
enum class RowOrder {
  as_they_stand,
  /// Rotary pairs side by side (llama.cpp): row i of half h of a head is stored as 2i + h of it.
  rotary_pairs,
  /// All queries, all keys, all values, where the model fuses them group by group: the queries that
  /// share a key, that key, its value (GPT-NeoX, BLOOM, Falcon).
  parts_apart,
};

struct Restoration {
  RowOrder order = RowOrder::as_they_stand;
  std::uint64_t heads = 0;      // of the tensor (rotary_pairs), of the queries (parts_apart)
  std::uint64_t key_heads = 0;  // parts_apart
  bool minus_one = false;       // Gemma stores the gains of its norms minus one; GGUF the gains

  bool nothing() const { return order == RowOrder::as_they_stand && !minus_one; }
  /// True if `rows` rows can be ordered so.
  bool fits(std::uint64_t rows) const;
  /// Where row `row` of `rows` is stored. Needs fits(rows).
  std::uint64_t stored_row(std::uint64_t row, std::uint64_t rows) const;

  friend bool operator==(const Restoration&, const Restoration&) = default;
};

}  // namespace prov::model
