#include "provenancekit/compare.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "forensics/gather.hpp"
#include "signals/voa.hpp"
#include "verdict/adapter_pair.hpp"
#include "verdict/kit_scores.hpp"
#include "verdict/lineage.hpp"
#include "verdict/prepared_model.hpp"

namespace prov {
namespace {

using verdict::PreparedModel;

KitSignals compare_signals(const PreparedModel& a, const PreparedModel& b) {
  KitSignals values;
  values.eas = signals::eas_similarity(a.weights.eas, b.weights.eas);
  values.nlf = signals::nlf_similarity(a.weights.nlf, b.weights.nlf);
  values.lep = signals::lep_similarity(a.weights.lep, b.weights.lep);
  values.end = signals::end_similarity(a.weights.end, b.weights.end);
  values.wvc = signals::wvc_similarity(a.weights.wvc, b.weights.wvc);
  if (a.tfv && b.tfv) {
    values.tfv = signals::tokenizer_similarity(*a.tfv, *b.tfv);
    values.voa = signals::vocabulary_overlap(*a.tokenizer, *b.tokenizer).jaccard;
  }
  return values;
}

/// Both at once: most of the time goes into parsing tokenizers. If both fail, the error is that of
/// A.
Result<std::pair<PreparedModel, PreparedModel>> open_both(std::string_view a, std::string_view b,
                                                          const CompareOptions& options) {
  // Without the weight signals nothing is kept.
  const FeatureCache* cache = options.depth == Depth::fast ? nullptr : options.cache;
  std::optional<Result<PreparedModel>> opened[2];
  base::parallel_for(2, base::worker_count(), [&](std::size_t i) {
    opened[i] = verdict::open_prepared(i == 0 ? a : b, cache);
  });
  PROV_TRY(PreparedModel first, *std::move(opened[0]));
  PROV_TRY(PreparedModel second, *std::move(opened[1]));
  return std::pair(std::move(first), std::move(second));
}

/// Announces phases where somebody listens.
void announce(const CompareOptions& options, std::string_view phase) {
  if (options.progress != nullptr) options.progress->phase(phase);
}

}  // namespace

Result<Comparison> compare(std::string_view reference_a, std::string_view reference_b,
                           const CompareOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  announce(options, "opening models");
  PROV_TRY(auto models, open_both(reference_a, reference_b, options));
  auto& [a, b] = models;
  PROV_TRY(const auto adapter,
           verdict::merge_adapter_side(a, reference_a, b, reference_b, options.stop));

  if (options.depth != Depth::fast) {
    announce(options, "reading weights of model A");
    PROV_CHECK(verdict::read_weights(a, options));
    announce(options, "reading weights of model B");
    PROV_CHECK(verdict::read_weights(b, options));
  } else {
    for (PreparedModel* model : {&a, &b})
      model->summary.notes.emplace_back(
          "the kit's weight signals were not computed (--depth fast reads samples only)");
  }

  announce(options, "matching weights");
  PROV_TRY(const forensics::ForensicEvidence evidence,
           forensics::gather_evidence(a.model, a.content_hashes(), b.model, b.content_hashes(),
                                      {options.depth, options.progress, options.stop}));
  PROV_CHECK(a.model.checkpoint.verify_unchanged());
  PROV_CHECK(b.model.checkpoint.verify_unchanged());

  Comparison result;
  result.depth = options.depth;
  result.signals = compare_signals(a, b);
  const signals::MfiSimilarity mfi = signals::mfi_similarity(a.mfi, b.mfi);
  result.scores =
      verdict::kit_scores(result.signals, {mfi.score, mfi.tier, std::string(mfi.match_type)});
  result.lineage = verdict::decide_lineage(evidence);
  if (adapter) verdict::judge_adapter(*adapter, result.lineage);
  result.timing.metadata_extract_seconds = a.metadata_seconds + b.metadata_seconds;
  result.timing.weight_feature_extract_seconds = a.weight_seconds + b.weight_seconds;
  result.timing.total_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.a = std::move(a.summary);
  result.b = std::move(b.summary);
  return result;
}

}  // namespace prov
