// Two model references in, the published kit's numbers and a verdict on lineage out.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/progress.hpp"
#include "provenancekit/result.hpp"
#include "provenancekit/verdict.hpp"

namespace prov {

class FeatureCache;  // provenancekit/feature_cache.hpp

/// The seven similarities of the published kit's `signals` object, each in [0, 1] and rounded to 4
/// decimals; absent where a model lacks what the signal needs.
struct KitSignals {
  std::optional<double> eas, nlf, lep, end, wvc, tfv, voa;
};

/// The published kit's scores. They are parity, not evidence: the verdict on lineage does not use
/// them.
struct KitScores {
  double mfi_score = 0;
  int mfi_tier = 3;       // 1 equal architecture hash, 2 equal family hash and dimensions, 3 soft
  std::string mfi_match;  // "exact", "family", "soft_match"
  std::optional<double> identity_score;
  double tokenizer_score = 0;  // absent similarities count as 0
  double pipeline_score = 0;
  std::string provenance_decision;  // e.g. "Confirmed Match", "Weak Match (metadata only)"
  std::string label, colour;        // interpretation of pipeline_score
};

/// What was read from one model; for reports.
struct ModelSummary {
  std::string reference;     // as typed
  std::string model_type;    // "unknown" without config.json
  std::string architecture;  // first of `architectures`, "" if none
  std::uint64_t tensors = 0, parameters = 0, bytes = 0;
  std::vector<std::string> unexplained;  // tensor names that no role rule explains
  std::vector<std::string> notes;  // what is missing, and what was read on where the kit would stop
};

struct Timing {
  double total_seconds = 0, metadata_extract_seconds = 0, weight_feature_extract_seconds = 0;
};

/// How much is read and computed.
enum class Depth {
  fast,      // at most 5 % of the bytes; the kit's signals that need every weight stay absent
  standard,  // every weight once; the costly tests where the cheap ones are silent
  deep,      // all tests on all layers
};

/// "fast", "standard", "deep".
std::string_view depth_name(Depth depth);

struct Comparison {
  Depth depth = Depth::standard;
  ModelSummary a, b;
  KitSignals signals;
  KitScores scores;
  Lineage lineage;
  Timing timing;
};

struct CompareOptions {
  Depth depth = Depth::standard;
  unsigned anchor_k = 64;         // PROVENANCEKIT_ANCHOR_K; the kit's number of anchor tokens
  unsigned wvc_subsample = 4096;  // PROVENANCEKIT_WVC_SUBSAMPLE; the kit's elements a tensor, >= 1
  FeatureCache* cache = nullptr;  // may be null; changes no number; must outlive the call
  Progress* progress = nullptr;   // as above
  std::stop_token stop;           // error `cancelled` soon after a stop is requested
};

/// Compares two models. Deterministic: thread count and CPU do not change a number. Thread-safe.
/// Errors: those of opening and reading; a model that lacks a part is no error (see
/// ModelSummary::notes).
Result<Comparison> compare(std::string_view a, std::string_view b,
                           const CompareOptions& options = {});

}  // namespace prov
