#include "provenancekit/scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "base/try.hpp"
#include "fingerprint/fingerprint_file.hpp"
#include "search/akin_records.hpp"
#include "search/deep_tests.hpp"
#include "search/kit_scan.hpp"
#include "search/match_ranking.hpp"
#include "search/scanned_fingerprint.hpp"
#include "search/weight_match.hpp"
#include "signals/parameter_estimate.hpp"
#include "verdict/prepared_model.hpp"
#include "verdict/whole_model.hpp"

namespace prov {
namespace {

using search::KitQuery;
using search::KnownModel;
using search::KnownModels;
using search::ScannedFingerprint;
using search::ScannedWeights;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

Error out_of_range(std::string message) {
  return {.code = ErrorCode::invalid_argument, .message = std::move(message)};
}

Result<void> check(const ScanOptions& options) {
  if (options.top_k == 0) return out_of_range("top_k must be at least 1");
  if (!(options.threshold >= 0 && options.threshold <= 1))
    return out_of_range("threshold must be in [0, 1]");
  return {};
}

constexpr std::string_view kHowToFill =
    "provenancekit db init makes a database, provenancekit db import fills it (docs/scan.md)";

/// Opens a database that has something to find.
Result<std::unique_ptr<KnownModels>> open_filled(const std::string& path,
                                                 ScannedDatabase& database) {
  Result<std::unique_ptr<KnownModels>> opened = search::open_known_models(path);
  if (!opened) {
    Error error = std::move(opened).error();
    if (error.code == ErrorCode::not_found) error.hint = kHowToFill;
    return error;
  }
  std::unique_ptr<KnownModels> known = *std::move(opened);
  database.path = path;
  PROV_TRY(database.records, known->count());
  if (database.records > 0) return known;
  return Error{.code = ErrorCode::not_found,
               .message = "the database has no records, so nothing can be found in it",
               .file = path,
               .hint = std::string(kHowToFill)};
}

ScannedModel describe(ModelSummary summary, const signals::MfiRecord& mfi,
                      bool has_weight_signals) {
  const double estimate = signals::estimated_parameters(mfi);
  return {.summary = std::move(summary),
          .architectures = mfi.architectures,
          .hidden_size = mfi.hidden_size,
          .num_hidden_layers = mfi.num_hidden_layers,
          .num_attention_heads = mfi.num_attention_heads,
          .num_key_value_heads = mfi.num_key_value_heads,
          .head_dim = mfi.head_dim,
          .intermediate_size = mfi.intermediate_size,
          .vocab_size = mfi.vocab_size,
          .tie_word_embeddings = mfi.tie_word_embeddings,
          .hidden_act = mfi.hidden_act,
          .arch_hash = mfi.arch_hash,
          .family_hash = mfi.family_hash,
          .estimated_parameters = estimate,
          .param_bucket = std::string(signals::parameter_bucket(estimate)),
          .has_weight_signals = has_weight_signals};
}

/// The kit's size class, and that of the tensors as they are: the estimate is far off for mixtures
/// and for configurations that the kit does not know.
std::vector<std::string> buckets_of(const ScannedModel& model) {
  std::vector<std::string> buckets = {model.param_bucket};
  if (model.summary.parameters > 0) {
    buckets.emplace_back(signals::parameter_bucket(static_cast<double>(model.summary.parameters)));
  }
  return buckets;
}

bool is_of(const KnownModel& known, const ScanOptions& options) {
  return (options.publisher.empty() || options.publisher == known.publisher) &&
         (options.family.empty() || options.family == known.family_id ||
          options.family == known.family_name);
}

Lineage weights_not_compared(const KnownModel& known, const ScanMatch& match) {
  Lineage lineage;
  lineage.layer_map.basis = "none";
  lineage.reasons = {known.has_weights || match.scores.identity_score
                         ? "Weights not compared: the scores rest on the kit's signals of the "
                           "record, which prove no descent."
                         : "Weights not compared: the record has no weights, only configuration "
                           "and tokenizer, which never decide."};
  return lineage;
}

/// False for scores that no sound record gives: they would lead the ranking.
bool is_sound(const ScanMatch& match) {
  const auto in_range = [](std::optional<double> score) {
    return !score || (*score >= 0 && *score <= 1);
  };
  return in_range(match.scores.pipeline_score) && in_range(match.scores.mfi_score) &&
         in_range(match.scores.tokenizer_score) && in_range(match.signals.tfv);
}

using Names = std::set<std::string, std::less<>>;

/// Matches by weights, for which neither size class nor scores matter. Returns what was compared.
Result<Names> add_akin(search::MatchRanking& ranking, const KnownModels& known,
                       const ScannedFingerprint& scanned, const KitQuery& query,
                       const ScannedWeights* weights_at_hand, const ScanOptions& options,
                       ScannedDatabase& database) {
  Names compared;
  std::vector<search::Candidate> candidates;
  if (!scanned.weights.sketch) return compared;
  const auto visit = [&](const KnownModel& candidate, const signals::Fingerprint& signals,
                         const fingerprint::FingerprintFile& weights) -> Result<void> {
    if (options.stop.stop_requested())
      return Error{.code = ErrorCode::cancelled, .message = "stopped on request"};
    if (!is_of(candidate, options) || !weights.sketch || !weights.standard) return {};
    const Clock::time_point start = Clock::now();
    ScanMatch match = search::score_by_kit(query, candidate, signals);
    search::compare_weights(match, weights, scanned.weights);
    match.elapsed_ms = 1000 * seconds_since(start);
    ++database.candidates;
    compared.insert(candidate.asset_id);
    candidates.push_back({candidate, weights.sketch->weights, weights.sketch->sampled,
                          search::have_near_codes(*weights.sketch, *scanned.weights.sketch),
                          std::move(match)});
    return {};
  };
  PROV_CHECK(known.for_each_akin(*scanned.weights.sketch, visit, database.damaged));
  if (weights_at_hand != nullptr)
    PROV_CHECK(search::test_deeply(candidates, *weights_at_hand, options));
  for (search::Candidate& candidate : candidates) ranking.add(std::move(candidate.match));
  return compared;
}

/// The matches, with a note where --relation hid some: silence must be explained.
std::vector<ScanMatch> taken(search::MatchRanking& ranking, ScannedDatabase& database) {
  if (ranking.unwanted() > 0) {
    database.notes.push_back(fmt::format("{} left out, whose lineage is none of those asked for.",
                                         ranking.unwanted() == 1
                                             ? "1 match is"
                                             : fmt::format("{} matches are", ranking.unwanted())));
  }
  return std::move(ranking).take();
}

/// Everything that may be a match, best first. Each way of finding models adds its own here, with
/// the lineage that it can show.
Result<std::vector<ScanMatch>> find_matches(const KnownModels& known,
                                            const ScannedFingerprint& scanned,
                                            const ScannedWeights* weights,
                                            const ScannedModel& model, const ScanOptions& options,
                                            ScannedDatabase& database) {
  search::MatchRanking ranking(options);
  const KitQuery query{&scanned.signals, buckets_of(model)};
  PROV_TRY(const Names compared,
           add_akin(ranking, known, scanned, query, weights, options, database));
  if (!scanned.signals.mfi) return taken(ranking, database);
  bool any_is_of = !compared.empty();
  const auto wants = [&](const KnownModel& candidate) {
    if (!is_of(candidate, options)) return false;
    any_is_of = true;
    return search::may_match(query, candidate) && !compared.contains(candidate.asset_id);
  };
  std::uint64_t without_configuration = 0;
  const auto visit = [&](const KnownModel& candidate,
                         const signals::Fingerprint& theirs) -> Result<void> {
    if (options.stop.stop_requested())
      return Error{.code = ErrorCode::cancelled, .message = "stopped on request"};
    if (!theirs.mfi) {
      ++without_configuration;
      return {};
    }
    const Clock::time_point start = Clock::now();
    ScanMatch match = search::score_by_kit(query, candidate, theirs);
    match.lineage = weights_not_compared(candidate, match);
    match.elapsed_ms = 1000 * seconds_since(start);
    ++database.candidates;
    if (is_sound(match)) {
      ranking.add(std::move(match));
    } else {
      database.damaged.push_back({.code = ErrorCode::malformed,
                                  .message = "the scores of the record are out of their range",
                                  .file = candidate.asset_id});
    }
    return {};
  };
  PROV_CHECK(known.for_each(wants, visit, database.damaged));
  if (!any_is_of && !(options.publisher.empty() && options.family.empty())) {
    database.notes.emplace_back(
        "No record that could be compared is of this publisher and family, letter by letter.");
  }
  if (without_configuration > 0) {
    database.notes.push_back(fmt::format("{} records have no configuration, and so no score here.",
                                         without_configuration));
  }
  return taken(ranking, database);
}

/// Reads what is found and compared by weights; nothing of a model without any that can be read.
Result<fingerprint::FingerprintFile> read_scanned(verdict::PreparedModel& prepared,
                                                  const ScanOptions& options) {
  const CompareOptions reading{.anchor_k = options.anchor_k,
                               .wvc_subsample = options.wvc_subsample,
                               .cache = options.cache,
                               .progress = options.progress,
                               .stop = options.stop};
  fingerprint::FingerprintFile file;
  if (prepared.model.checkpoint.tensors.empty()) {
    PROV_CHECK(verdict::read_weights(prepared, reading));
    return file;
  }
  PROV_TRY(fingerprint::WeightFingerprint weights,
           options.sampled ? verdict::read_sampled_fingerprint(prepared, reading)
                           : verdict::read_fingerprint(prepared, reading));
  if (options.sampled) prepared.summary.notes.emplace_back(fingerprint::kSampledNote);
  file.sketch = std::move(weights.sketch);
  file.standard = std::move(weights.standard);
  return file;
}

/// What the scan looks at of the model; no mfi where it has no configuration.
signals::Fingerprint fingerprint_of(verdict::PreparedModel& prepared) {
  signals::Fingerprint fingerprint;
  fingerprint.weights = std::move(prepared.weights);
  if (prepared.model.config_text) fingerprint.mfi = prepared.mfi;
  fingerprint.tfv = prepared.tfv;
  return fingerprint;
}

/// A damaged record may be met more than once: by its weights, then by its signals.
void drop_repeated(std::vector<Error>& damaged) {
  std::set<std::string> told;
  std::erase_if(damaged,
                [&](const Error& error) { return !told.insert(error.to_string()).second; });
}

void announce(const ScanOptions& options, std::string_view phase) {
  if (options.progress != nullptr) options.progress->phase(phase);
}

/// `weights` is null where a fingerprint is all there is.
Result<void> look_up(const KnownModels& known, const ScannedFingerprint& scanned,
                     const ScannedWeights* weights, const ScanOptions& options, Scan& result) {
  announce(options, "matching against the database");
  const Clock::time_point start = Clock::now();
  PROV_TRY(result.matches,
           find_matches(known, scanned, weights, result.model, options, result.database));
  drop_repeated(result.database.damaged);
  const std::vector<std::string> notes = known.notes();
  result.database.notes.insert(result.database.notes.end(), notes.begin(), notes.end());
  if (!scanned.signals.mfi) {
    result.database.notes.emplace_back(
        "The model has no config.json: the kit's scores cannot be computed, and only what weights "
        "show was searched.");
  }
  result.lookup_seconds = seconds_since(start);
  return {};
}

Result<void> scan_file(std::string_view reference, const KnownModels& known,
                       const ScanOptions& options, Scan& result) {
  const Clock::time_point start = Clock::now();
  PROV_TRY(const ScannedFingerprint scanned, search::read_fingerprint_file(reference));
  result.model = describe(search::summary_of(scanned, reference),
                          scanned.signals.mfi.value_or(signals::MfiRecord{}),
                          !scanned.signals.weights.tensors.empty());
  result.extract_seconds = seconds_since(start);
  return look_up(known, scanned, nullptr, options, result);
}

Result<void> scan_model(std::string_view reference, const std::string& database,
                        const KnownModels& known, const ScanOptions& options, Scan& result) {
  const Clock::time_point start = Clock::now();
  announce(options, "extracting features");
  PROV_TRY(verdict::PreparedModel prepared, verdict::open_whole(reference, options.cache));
  ScannedFingerprint scanned;
  PROV_TRY(scanned.weights, read_scanned(prepared, options));
  const ScannedWeights weights{prepared, prepared.content_hashes(), database};
  scanned.signals = fingerprint_of(prepared);
  result.model = describe(prepared.summary, prepared.mfi, !scanned.signals.weights.tensors.empty());
  result.extract_seconds = seconds_since(start);
  PROV_CHECK(look_up(known, scanned, options.sampled ? nullptr : &weights, options, result));
  return prepared.model.checkpoint.verify_unchanged();
}

}  // namespace

Result<Scan> scan(std::string_view reference, const std::string& database,
                  const ScanOptions& options) {
  const Clock::time_point start = Clock::now();
  PROV_CHECK(check(options));
  Scan result;
  PROV_TRY(const std::unique_ptr<KnownModels> known, open_filled(database, result.database));
  PROV_CHECK(fingerprint::is_fingerprint_file(reference)
                 ? scan_file(reference, *known, options, result)
                 : scan_model(reference, database, *known, options, result));
  result.total_seconds = seconds_since(start);
  return result;
}

}  // namespace prov
