#include "search/kit_scan.hpp"

#include <algorithm>

#include "signals/parameter_estimate.hpp"
#include "verdict/kit_scores.hpp"

namespace prov::search {
namespace {

KitSignals compare_signals(const signals::Fingerprint& query, const signals::Fingerprint& known) {
  KitSignals values;
  values.eas = signals::eas_similarity(query.weights.eas, known.weights.eas);
  values.nlf = signals::nlf_similarity(query.weights.nlf, known.weights.nlf);
  values.lep = signals::lep_similarity(query.weights.lep, known.weights.lep);
  values.end = signals::end_similarity(query.weights.end, known.weights.end);
  values.wvc = signals::wvc_similarity(query.weights.wvc, known.weights.wvc);
  if (query.tfv && known.tfv) values.tfv = signals::tokenizer_similarity(*query.tfv, *known.tfv);
  return values;
}

std::string match_type(const signals::MfiRecord& query, const signals::MfiRecord& known,
                       const KitScores& scores) {
  if (query.arch_hash == known.arch_hash || scores.mfi_tier == 1) return "exact_arch";
  if (query.family_hash == known.family_hash || scores.mfi_tier == 2) return "family_hash";
  return scores.identity_score ? "similarity" : "mfi_only";
}

}  // namespace

bool may_match(const KitQuery& query, const KnownModel& known) {
  return std::ranges::any_of(query.buckets, [&](const std::string& bucket) {
    return signals::are_near_buckets(bucket, known.param_bucket);
  });
}

ScanMatch score_by_kit(const KitQuery& query, const KnownModel& known,
                       const signals::Fingerprint& fingerprint) {
  ScanMatch match{.asset_id = known.asset_id,
                  .model_id = known.model_id,
                  .family_id = known.family_id,
                  .family_name = known.family_name,
                  .publisher = known.publisher,
                  .source_uri = known.source_uri,
                  .param_bucket = known.param_bucket};
  match.signals = compare_signals(*query.fingerprint, fingerprint);
  if (!query.fingerprint->mfi || !fingerprint.mfi) {
    match.scores = verdict::kit_scores(match.signals, {0, 3, "soft_match"});
    match.scores.pipeline_score = 0;
    match.match_type = "similarity";
    return match;
  }
  const signals::MfiSimilarity mfi =
      signals::mfi_similarity(*query.fingerprint->mfi, *fingerprint.mfi);
  match.scores =
      verdict::kit_scores(match.signals, {mfi.score, mfi.tier, std::string(mfi.match_type)});
  match.match_type = match_type(*query.fingerprint->mfi, *fingerprint.mfi, match.scores);
  return match;
}

}  // namespace prov::search
