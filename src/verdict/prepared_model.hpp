// One side of a comparison: everything that is read from a model before the two meet.
#pragma once

#include <optional>
#include <string_view>

#include "fingerprint/fingerprint.hpp"
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
  std::string cache_key;  // of all its files, for features kept of it; empty: none are
  double metadata_seconds = 0;
  double weight_seconds = 0;

  forensics::ContentHashes content_hashes() const;
};

/// Opens a model and reads what does not need its weights; `cache` is the one of the options below.
/// Errors: those of opening, of config.json and of the tokenizer files.
Result<PreparedModel> open_prepared(std::string_view reference,
                                    const FeatureCache* cache = nullptr);

/// The same for a model that is open already.
Result<PreparedModel> prepare(model::Model model, std::string_view reference);

/// Reads the weights of `prepared` once, or takes what options.cache kept of them. Errors: those of
/// signals::read_weight_signals.
Result<void> read_weights(PreparedModel& prepared, const CompareOptions& options);

/// read_weights() and the fingerprint of them, from one pass; or what options.cache kept.
Result<fingerprint::WeightFingerprint> read_fingerprint(PreparedModel& prepared,
                                                        const CompareOptions& options);

/// The signals that need few weights and a sampled fingerprint
/// (fingerprint/sampled_fingerprint.hpp); no cache keeps them.
Result<fingerprint::WeightFingerprint> read_sampled_fingerprint(PreparedModel& prepared,
                                                                const CompareOptions& options);

}  // namespace prov::verdict
