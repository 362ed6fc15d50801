// One side of a comparison: everything that is read from a model before the two meet.
#pragma once

#include <optional>
#include <string_view>

#include "forensics/tensor_pairs.hpp"
#include "model/kit_tokenizer/kit_tokenizer.hpp"
#include "model/model.hpp"
#include "provenancekit/compare.hpp"
#include "signals/mfi.hpp"
#include "signals/tfv.hpp"
#include "signals/weight_signals.hpp"

namespace prov::verdict {

struct PreparedModel {
  model::Model model;
  std::optional<model::KitTokenizer> tokenizer;
  signals::MfiRecord mfi;
  std::optional<signals::TokenizerFeatures> tfv;
  signals::WeightSignals weights;
  ModelSummary summary;
  double metadata_seconds = 0;
  double weight_seconds = 0;

  forensics::ContentHashes content_hashes() const;
};

/// Opens a model and reads what does not need its weights.
/// Errors: those of opening, of config.json and of the tokenizer files.
Result<PreparedModel> open_prepared(std::string_view reference);

/// The same for a model that is open already.
Result<PreparedModel> prepare(model::Model model, std::string_view reference);

/// Reads the weights of `prepared` once. Errors: those of signals::read_weight_signals.
Result<void> read_weights(PreparedModel& prepared, const CompareOptions& options);

}  // namespace prov::verdict
