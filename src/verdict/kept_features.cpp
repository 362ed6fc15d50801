#include "verdict/kept_features.hpp"

#include <fmt/format.h>

#include <map>

#include "fingerprint/fingerprint_codec.hpp"
#include "provenancekit/feature_cache.hpp"
#include "provenancekit/version.hpp"
#include "signals/fingerprint_codec.hpp"
#include "source/checkpoint_key.hpp"

namespace prov::verdict {
namespace {

using fingerprint::FingerprintFile;
using fingerprint::WeightFingerprint;

/// Raised where the numbers of a version would differ from those that it kept before.
constexpr int kGeneration = 3;

std::string kind_of_signals(const CompareOptions& options) {
  return fmt::format("signals {}.{} anchors {} wvc {}", kVersion, kGeneration, options.anchor_k,
                     options.wvc_subsample);
}

std::string kind_of_fingerprint() {
  return fmt::format("fingerprint {}.{}", kVersion, kGeneration);
}

/// Gives the tensors the roles that the checkpoint has for them: bytes keep none. False where the
/// tensors are not those of the checkpoint.
bool take_roles(std::vector<signals::TensorRecord>& tensors, const model::Checkpoint& checkpoint) {
  std::map<std::string_view, const model::Tensor*> by_name;
  for (const model::Tensor& tensor : checkpoint.tensors) by_name.emplace(tensor.info.name, &tensor);
  if (by_name.size() != tensors.size()) return false;
  for (signals::TensorRecord& record : tensors) {
    const auto found = by_name.find(record.name);
    if (found == by_name.end() || found->second->info.shape != record.shape) return false;
    record.role = found->second->role;
  }
  return true;
}

}  // namespace

std::string key_of_features(std::string_view reference) {
  const Result<source::Snapshot> snapshot = source::locate(reference);
  const Result<std::string> key =
      snapshot ? source::checkpoint_key(*snapshot) : Result<std::string>(snapshot.error());
  return key ? *key : std::string();
}

bool KeptFeatures::is_unchanged() const {
  const Result<std::string> now = source::checkpoint_key(prepared_->model.snapshot);
  return now && *now == prepared_->cache_key && prepared_->model.checkpoint.verify_unchanged();
}

std::optional<signals::WeightSignals> KeptFeatures::find_signals(
    const CompareOptions& options) const {
  if (cache_ == nullptr) return std::nullopt;
  const auto bytes = cache_->find(prepared_->cache_key, kind_of_signals(options));
  if (!bytes) return std::nullopt;
  Result<signals::Fingerprint> found = signals::decode_fingerprint(*bytes, "cache");
  if (!found || !take_roles(found->weights.tensors, prepared_->model.checkpoint))
    return std::nullopt;
  return std::move(found->weights);
}

void KeptFeatures::keep_signals(const CompareOptions& options) const {
  if (cache_ == nullptr || !is_unchanged()) return;
  cache_->put(prepared_->cache_key, kind_of_signals(options),
              signals::encode({prepared_->weights, std::nullopt, std::nullopt}));
}

std::optional<WeightFingerprint> KeptFeatures::find_fingerprint() const {
  if (cache_ == nullptr) return std::nullopt;
  const auto bytes = cache_->find(prepared_->cache_key, kind_of_fingerprint());
  if (!bytes) return std::nullopt;
  Result<FingerprintFile> found = fingerprint::decode_fingerprint(*bytes, "cache");
  if (!found || !found->sketch || !found->standard) return std::nullopt;
  return WeightFingerprint{*std::move(found->sketch), *std::move(found->standard)};
}

void KeptFeatures::keep_fingerprint(const WeightFingerprint& weights) const {
  if (cache_ == nullptr || !is_unchanged()) return;
  cache_->put(prepared_->cache_key, kind_of_fingerprint(),
              fingerprint::encode({.sketch = weights.sketch, .standard = weights.standard}));
}

}  // namespace prov::verdict
