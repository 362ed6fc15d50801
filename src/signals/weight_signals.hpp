// The five weight signals of the published kit and a record of every tensor, from one pass over the
// weights. The signals are those of the tensors as stored (kit_tensors.hpp); the records are of the
// model's weights. Only where these differ, in packed weights, are bytes read a second time, while
// they are still at hand.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "signals/eas.hpp"
#include "signals/end.hpp"
#include "signals/lep.hpp"
#include "signals/nlf.hpp"
#include "signals/weight_pass.hpp"
#include "signals/wvc.hpp"

namespace prov::signals {

/// What is known of one tensor without its weights.
struct TensorRecord {
  std::string name;
  model::Role role;
  std::vector<std::uint64_t> shape;
  base::ContentHash content;     // equal for equal values (signals/segment_hash.hpp)
  std::uint64_t non_finite = 0;  // NaN and infinite elements

  friend bool operator==(const TensorRecord&, const TensorRecord&) = default;
};

struct WeightSignals {
  EasRecord eas;
  NlfRecord nlf;
  LepRecord lep;
  EndRecord end;
  WvcRecord wvc;
  std::vector<TensorRecord> tensors;  // sorted by name

  friend bool operator==(const WeightSignals&, const WeightSignals&) = default;
};

struct WeightSignalOptions {
  /// Ids of the anchor tokens for an embedding of that many rows, distinct and below it. Empty
  /// function: no EAS, no END.
  std::function<std::vector<std::uint32_t>(std::uint64_t rows)> select_anchors;
  std::uint64_t wvc_subsample = kDefaultWvcSubsample;  // >= 1
  /// Who else looks at the elements of a tensor; may be empty, and give null.
  std::function<model::ElementVisitor*(const model::Tensor& tensor)> visitor_of;
  WeightPassOptions pass;
};

/// Reads all weights. Everything is combined in an order that neither shards nor the file change
/// (signals/kit_order.hpp; sums of doubles by name). A signal that cannot be computed says why.
/// Errors: those of read_weights; invalid_argument for wvc_subsample 0.
Result<WeightSignals> read_weight_signals(const model::Checkpoint& checkpoint,
                                          const WeightSignalOptions& options);

/// The signals that need few weights (EAS, NLF); the others say that they were not computed, and
/// records have names and shapes alone. Errors as above.
Result<WeightSignals> read_few_weight_signals(const model::Checkpoint& checkpoint,
                                              const WeightSignalOptions& options);

}  // namespace prov::signals
