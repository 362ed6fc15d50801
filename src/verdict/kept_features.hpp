#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fingerprint/fingerprint.hpp"
#include "verdict/prepared_model.hpp"

namespace prov::verdict {

/// source::checkpoint_key of the files that `reference` names; empty where they cannot be read.
std::string key_of_features(std::string_view reference);

/// What a cache holds of one model. Does nothing without a cache or a key.
class KeptFeatures {
 public:
  /// Both must outlive it; `cache` may be null.
  KeptFeatures(FeatureCache* cache, const PreparedModel& prepared)
      : cache_(prepared.cache_key.empty() ? nullptr : cache), prepared_(&prepared) {}

  /// What was kept, if it is that of exactly these tensors.
  std::optional<signals::WeightSignals> find_signals(const CompareOptions& options) const;
  std::optional<fingerprint::WeightFingerprint> find_fingerprint() const;

  /// Keeps prepared.weights, or the fingerprint. Nothing is kept of files that changed since the
  /// model was opened.
  void keep_signals(const CompareOptions& options) const;
  void keep_fingerprint(const fingerprint::WeightFingerprint& weights) const;

 private:
  bool is_unchanged() const;

  FeatureCache* cache_;
  const PreparedModel* prepared_;
};

}  // namespace prov::verdict
