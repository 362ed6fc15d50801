#include "verdict/prepared_model.hpp"

#include <algorithm>
#include <chrono>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "fingerprint/read_fingerprint.hpp"
#include "fingerprint/sampled_fingerprint.hpp"
#include "model/config/config_facts.hpp"
#include "signals/anchors.hpp"
#include "verdict/kept_features.hpp"
#include "verdict/model_summary.hpp"

namespace prov::verdict {
namespace {

constexpr std::size_t kRemoteReaders = 16;

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Refers to both.
signals::WeightSignalOptions signal_options(const PreparedModel& prepared,
                                            const CompareOptions& options) {
  const model::KitTokenizer* tokenizer = prepared.tokenizer ? &*prepared.tokenizer : nullptr;
  signals::WeightSignalOptions weight_options;
  weight_options.select_anchors = [tokenizer, &options](std::uint64_t rows) {
    return signals::select_anchors(tokenizer, rows, options.anchor_k);
  };
  weight_options.wvc_subsample = options.wvc_subsample;
  weight_options.pass.progress = options.progress;
  weight_options.pass.stop = options.stop;
  if (prepared.model.snapshot.remote) {  // it is waited for: large requests, many at a time
    weight_options.pass.piece = signals::kSegment;
    weight_options.pass.workers = std::max<std::size_t>(kRemoteReaders, base::worker_count());
  }
  return weight_options;
}

/// `reader`, which may be null, looks at the weights as they go by.
Result<void> read_weights_with(PreparedModel& prepared, const CompareOptions& options,
                               const fingerprint::FingerprintReader* reader) {
  const Stopwatch watch;
  const KeptFeatures kept(options.cache, prepared);
  if (std::optional<signals::WeightSignals> found = kept.find_signals(options)) {
    prepared.weights = *std::move(found);
    prepared.weight_seconds = watch.seconds();
    return {};
  }
  signals::WeightSignalOptions weight_options = signal_options(prepared, options);
  if (reader != nullptr) {
    weight_options.visitor_of = [reader](const model::Tensor& tensor) {
      return reader->visitor_of(tensor);
    };
  }
  PROV_TRY(prepared.weights,
           signals::read_weight_signals(prepared.model.checkpoint, weight_options));
  kept.keep_signals(options);
  prepared.weight_seconds = watch.seconds();
  return {};
}

}  // namespace

forensics::ContentHashes PreparedModel::content_hashes() const {
  forensics::ContentHashes hashes;
  for (const signals::TensorRecord& record : weights.tensors) {
    hashes.emplace(record.name, record.content);
  }
  return hashes;
}

Result<PreparedModel> open_prepared(std::string_view reference, const FeatureCache* cache) {
  const Stopwatch watch;
  std::string key;  // of what is there before anything is read
  if (cache != nullptr) key = key_of_features(reference);
  PROV_TRY(model::Model model, model::open_model(reference));
  PROV_TRY(PreparedModel prepared, prepare(std::move(model), reference));
  prepared.cache_key = std::move(key);
  prepared.metadata_seconds = watch.seconds();
  return prepared;
}

Result<PreparedModel> prepare(model::Model model, std::string_view reference) {
  PreparedModel prepared;
  prepared.model = std::move(model);
  prepared.summary = summarise(prepared.model, reference);

  model::ConfigFacts config;
  if (prepared.model.config_text) {
    PROV_TRY(config, model::read_config_facts(
                         *prepared.model.config_text,
                         (prepared.model.snapshot.directory / "config.json").string()));
    append(prepared.summary.notes, config.notes);
  }
  PROV_TRY(prepared.tokenizer,
           model::build_kit_tokenizer(prepared.model.snapshot, prepared.model.tokenizer,
                                      {config.model_type, config.tokenizer_class}));
  signals::MfiTokenizer tokenizer_facts;
  if (prepared.tokenizer) {
    append(prepared.summary.notes, prepared.tokenizer->notes);
    tokenizer_facts = {prepared.tokenizer->bos_token_id, prepared.tokenizer->eos_token_id,
                       prepared.tokenizer->hash};
    prepared.tfv = signals::extract_tokenizer_features(*prepared.tokenizer);
  }
  prepared.mfi = signals::extract_mfi(config, tokenizer_facts);
  prepared.summary.model_type = config.model_type;
  if (!config.architectures.empty()) prepared.summary.architecture = config.architectures.front();
  return prepared;
}

Result<void> read_weights(PreparedModel& prepared, const CompareOptions& options) {
  return read_weights_with(prepared, options, nullptr);
}

Result<fingerprint::WeightFingerprint> read_fingerprint(PreparedModel& prepared,
                                                        const CompareOptions& options) {
  const KeptFeatures kept(options.cache, prepared);
  if (auto found = kept.find_fingerprint()) {
    PROV_CHECK(read_weights(prepared, options));
    return *std::move(found);
  }
  PROV_TRY(const auto reader, fingerprint::FingerprintReader::prepare(prepared.model));
  PROV_CHECK(read_weights_with(prepared, options, &reader));
  PROV_TRY(fingerprint::WeightFingerprint weights,
           reader.finish(prepared.weights.tensors, options.stop));
  kept.keep_fingerprint(weights);
  return weights;
}

Result<fingerprint::WeightFingerprint> read_sampled_fingerprint(PreparedModel& prepared,
                                                                const CompareOptions& options) {
  const Stopwatch watch;
  PROV_TRY(prepared.weights, signals::read_few_weight_signals(prepared.model.checkpoint,
                                                              signal_options(prepared, options)));
  prepared.weight_seconds = watch.seconds();
  return fingerprint::read_sampled_fingerprint(prepared.model, options.stop);
}

}  // namespace prov::verdict
