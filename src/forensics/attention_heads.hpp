// What was done to attention without changing its function: heads exchanged, scales moved or bases
// turned inside them.
//
// With x the stream, head h of group g adds W_o,h W_v,g x for the tokens that W_q,h^T W_k,g picks.
// Both products stay as they are when values and output are scaled or rotated against each other
// (W_v -> R W_v, W_o -> W_o R^-1) and when queries and keys are (W_q -> R W_q, W_k -> R^-T W_k;
// with rotary positions only scales of a pair of channels and rotations within it); rows of single
// matrices do not. Heads are found by the products, and then the rows of the matrices are compared.
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "forensics/head_counts.hpp"
#include "forensics/layer_correspondence.hpp"
#include "model/checkpoint.hpp"
#include "provenancekit/result.hpp"

namespace prov::forensics {

/// Two matrices that a symmetry moves against each other: values and output, or queries and keys.
struct CircuitChange {
  double product_cosine = 0;  // of the products, mean over the heads that were found
  double row_cosine = 0;      // of the rows of both matrices, mean; below the former: bases turned
  double scale = 0;           // rms of tanh log r over the length ratios r of rows, [0, 1]
  double unbalanced = 0;      // the same of what the two matrices do not undo of each other

  bool turned() const;  // mixed within the heads
  bool scaled() const;  // lengths moved from the one matrix to the other, bases kept
};

struct AttentionChange {
  std::string not_measured;   // why there is none; empty otherwise
  std::size_t layers = 0;     // that were looked at
  std::size_t heads = 0;      // query heads in them
  std::size_t found = 0;      // whose products agree with those of a head of the other model
  std::size_t displaced = 0;  // of these: clearly at another place
  std::optional<CircuitChange> value_output, query_key;  // absent where too few heads are found

  bool moved() const;  // some symmetry was used
};

/// Looks at two layers of B (first and last that answer a layer of A in the stored coordinates),
/// at all channels of all heads and 96 residual coordinates; gains of the norm before are
/// multiplied in. Needs the number of heads, equal in both models. Deterministic. Errors: those of
/// reading; cancelled.
Result<AttentionChange> compare_attention_heads(const model::Checkpoint& a,
                                                const model::Checkpoint& b, const HeadCounts& heads,
                                                const LayerCorrespondence& layers,
                                                const std::stop_token& stop);

}  // namespace prov::forensics
