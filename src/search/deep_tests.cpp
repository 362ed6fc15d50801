#include "search/deep_tests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/try.hpp"
#include "fingerprint/exact_hashes.hpp"
#include "fingerprint/sampled_fingerprint.hpp"
#include "forensics/gather.hpp"
#include "search/match_ranking.hpp"
#include "search/weight_match.hpp"
#include "source/path_at_hand.hpp"
#include "verdict/lineage.hpp"

namespace prov::search {
namespace {

namespace fs = std::filesystem;

/// -log10 p of the strongest test: what strangers show now and then.
constexpr double kHopeless = 2;

bool is_worth_it(const Candidate& candidate) {
  const ScanMatch& match = candidate.match;
  if (match.lineage.lineage_class != LineageClass::inconclusive) return !match.equal_hashes;
  return match.strength >= kHopeless || candidate.near_code;
}

/// Where the record says that its model is: from the working folder on, or from the database's.
Result<fs::path> find_weights(const KnownModel& model, const fs::path& database) {
  if (model.place.empty())
    return Error{.code = ErrorCode::not_found, .message = "the record does not say where they are"};
  if (!model.revision.empty()) {
    const char* const at = model.place.find("://") == std::string::npos ? "@" : "/tree/";
    Result<fs::path> path = source::path_at_hand(model.place + at + model.revision);
    if (path) return path;
  }
  Result<fs::path> path = source::path_at_hand(model.place);
  if (path) return path;
  std::error_code failed;
  const fs::path folder = fs::absolute(database, failed).parent_path();
  Result<fs::path> beside = source::path_at_hand((folder / model.place).string());
  return beside ? beside : path;
}

class DeepTest {
 public:
  DeepTest(const ScannedWeights& scanned, const ScanOptions& options)
      : scanned_(scanned),
        options_(options),
        reading_{.depth = options.depth,
                 .anchor_k = options.anchor_k,
                 .wvc_subsample = options.wvc_subsample,
                 .cache = options.cache,
                 .progress = options.progress,
                 .stop = options.stop} {}

  Result<Lineage> operator()(const Candidate& candidate) const {
    PROV_TRY(const fs::path path, find_weights(candidate.model, scanned_.database));
    if (options_.progress != nullptr)
      options_.progress->phase("comparing with the weights of " + candidate.model.model_id);
    PROV_TRY(verdict::PreparedModel known, verdict::open_prepared(path.string(), options_.cache));
    PROV_CHECK(verdict::read_weights(known, reading_));
    PROV_TRY(const base::ContentHash weights, hash_of(known, candidate.sampled));
    if (!(weights == candidate.weights)) {
      return Error{.code = ErrorCode::malformed,
                   .message = "these are other weights than those of the record",
                   .file = path.string()};
    }
    PROV_TRY(const forensics::ForensicEvidence evidence,
             forensics::gather_evidence(known.model, known.content_hashes(),
                                        scanned_.prepared.model, scanned_.hashes,
                                        {options_.depth, options_.progress, options_.stop}));
    PROV_CHECK(known.model.checkpoint.verify_unchanged());
    return verdict::decide_lineage(evidence);
  }

 private:
  /// As a record of that kind has it.
  Result<base::ContentHash> hash_of(const verdict::PreparedModel& known, bool sampled) const {
    if (!sampled) return fingerprint::hash_of_all(known.weights.tensors);
    PROV_TRY(const auto fingerprint,
             fingerprint::read_sampled_fingerprint(known.model, options_.stop));
    return fingerprint.sketch.weights;
  }

  const ScannedWeights& scanned_;
  const ScanOptions& options_;
  CompareOptions reading_;
};

}  // namespace

Result<void> test_deeply(std::vector<Candidate>& candidates, const ScannedWeights& scanned,
                         const ScanOptions& options) {
  if (options.depth == Depth::fast) return {};
  std::ranges::stable_sort(candidates, stands_before, &Candidate::match);
  const DeepTest compare(scanned, options);
  std::size_t tested = 0;
  for (Candidate& candidate : candidates) {
    ScanMatch& match = candidate.match;
    if (!is_worth_it(candidate)) continue;
    if (tested == kMostDeepTests) {
      match.lineage.reasons.push_back(
          fmt::format("Compared by fingerprint: {} better candidates were compared by weights.",
                      kMostDeepTests));
      continue;
    }
    const auto start = std::chrono::steady_clock::now();
    Result<Lineage> lineage = compare(candidate);
    match.elapsed_ms +=
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    // What was not found cost nothing.
    if (lineage || lineage.error().code != ErrorCode::not_found) ++tested;
    if (lineage) {
      take_lineage(match, *std::move(lineage), ComparedBy::weights);
    } else if (lineage.error().code == ErrorCode::cancelled) {
      return std::move(lineage).error();
    } else {
      match.lineage.reasons.push_back(
          "Compared by fingerprint, since the weights are not at hand: " +
          lineage.error().to_string() + ".");
    }
  }
  return {};
}

}  // namespace prov::search
