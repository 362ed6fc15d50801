// Embedding rows matched by token text, so that a vocabulary in another order, or an extended one,
// still lines up.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "model/model.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// A description, not a test: tokens are not an exchangeable axis, because independent models learn
/// like geometry from like data.
struct TokenAgreement {
  std::string missing;        // why nothing could be compared; empty otherwise
  bool by_text = true;        // false: by id, because a tokenizer is missing
  std::size_t common = 0;     // tokens that both vocabularies have, with rows in range
  std::size_t described = 0;  // of the compared ones, at most 384 whose geometry is measured
  std::size_t compared = 0;   // at most 2048 of them, in the order of a fixed hash of their text
  std::optional<double> mean_cosine;  // of matching rows; absent if the widths differ
  std::optional<double> median_cosine;
  std::optional<double> identical_share;  // of matching rows whose elements are all equal
  std::optional<double>
      geometry;  // token_geometry_correlation of the described tokens; the widths may differ
  /// The same for rows with equal ids, where the texts mostly have other ids: sees through a
  /// tokenizer that was swapped.
  std::optional<double> geometry_by_id;
};

/// Errors: those of reading.
Result<TokenAgreement> compare_token_embeddings(const model::Model& a, const model::Model& b);

}  // namespace prov::forensics
