// A comparison where one side is an adapter: it is merged onto the other side, which stands for its
// base, and what is said of the two rests on the adapter's own numbers.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "forensics/adapter_fit.hpp"
#include "model/adapter/merge_adapter.hpp"
#include "provenancekit/verdict.hpp"
#include "verdict/prepared_model.hpp"

namespace prov::verdict {

struct AdapterPair {
  bool b_is_adapter = true;
  model::AdapterConfig config;
  std::string refused;  // why nothing was merged, a sentence; empty: merged
  std::vector<model::LowRankUpdate> updates;
  std::vector<std::string> replaced;
  forensics::AdapterFit fit;
  bool base_is_named = false;  // the claimed base has the name of the other side
};

bool is_adapter(const model::Model& model);

/// The model that `merged` is, `adapter` on the base that was opened as `base_reference`: it takes
/// all but weights from the base, and its tokenizer from the adapter where that brings one. Errors:
/// those of opening.
Result<PreparedModel> merged_model(PreparedModel& adapter, std::string_view reference,
                                   model::Checkpoint merged, std::string_view base_reference);

/// nullopt where neither side is an adapter. Otherwise, if it fits, the adapter's side of the pair
/// becomes the merged model. `reference_a` and `reference_b` are those that were opened. Errors:
/// those of merge_adapter and of reading.
Result<std::optional<AdapterPair>> merge_adapter_side(PreparedModel& a,
                                                      std::string_view reference_a,
                                                      PreparedModel& b,
                                                      std::string_view reference_b,
                                                      const std::stop_token& stop);

/// Replaces what the comparison with a merged model would conclude, which is true by construction:
/// class, reasons and evidence come from the adapter alone; what it changed stays. Of two equal
/// adapters that they are identical stays. Pure.
void judge_adapter(const AdapterPair& pair, Lineage& lineage);

}  // namespace prov::verdict
