// One model among many known ones: which of them may it come from?
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/compare.hpp"
#include "provenancekit/progress.hpp"
#include "provenancekit/result.hpp"

namespace prov {

/// What the published kit's `model_info` says of the scanned model; empty or 0 without config.json.
struct ScannedModel {
  ModelSummary summary;  // summary.parameters is counted in the weights; 0 without weights
  std::vector<std::string> architectures;
  std::int64_t hidden_size = 0, num_hidden_layers = 0, num_attention_heads = 0;
  std::optional<std::int64_t> num_key_value_heads, head_dim;
  std::int64_t intermediate_size = 0, vocab_size = 0;
  std::optional<bool> tie_word_embeddings;
  std::optional<std::string> hidden_act;
  std::string arch_hash, family_hash;  // SHA-256, 64 hexadecimal digits
  double estimated_parameters = 0;     // the kit's estimate, which counts no tensor
  std::string param_bucket;            // by that estimate: "<=1B", "1-10B", "10-40B", "40B+"
  bool has_weight_signals = false;
};

/// What the lineage of a match rests on.
enum class ComparedBy {
  nothing,      // the record keeps nothing of weights
  fingerprint,  // what the record keeps of them
  weights,      // the weights themselves, as `compare` does it
};
/// JSON text: "nothing", "fingerprint", "weights".
std::string_view compared_by_name(ComparedBy value);

/// A known model, with what speaks for it.
struct ScanMatch {
  std::string asset_id, model_id, family_id, family_name;  // as the database names it
  std::string publisher, source_uri;                       // may be empty
  std::string param_bucket;                                // may be empty
  std::string
      match_type;      // "exact_arch", "family_hash", "similarity", "mfi_only": see docs/scan.md
  KitSignals signals;  // no VOA: databases hold no vocabularies
  KitScores scores;    // similarity, no evidence of lineage
  Lineage lineage;     // of the known model (A) and the scanned one (B), by their weights
  bool weights_compared = false;  // false: the first reason of the lineage says why
  ComparedBy compared_by = ComparedBy::nothing;
  bool equal_hashes = false;       // over all names, shapes and values of the weights; false where
                                   // one side is a sample
  std::uint64_t shared_words = 0;  // neuron words in common (docs/fingerprint.md)
  double strength = 0;  // -log10 p of the strongest test of the lineage, >= 0; 0 without weights
  double elapsed_ms = 0;
};

/// What was searched.
struct ScannedDatabase {
  std::string path;
  std::uint64_t records = 0;     // in the database
  std::uint64_t candidates = 0;  // records whose scores were computed
  std::vector<Error> damaged;    // records that could not be read, and were left out
  std::vector<std::string> notes;
};

struct Scan {
  ScannedModel model;
  ScannedDatabase database;
  std::vector<ScanMatch> matches;  // best first
  double extract_seconds = 0, lookup_seconds = 0, total_seconds = 0;
};

struct ScanOptions {
  std::size_t top_k = 3;   // at most so many matches, >= 1
  double threshold = 0.5;  // of the kit's pipeline score, [0, 1]; proof by weights needs none
  std::string publisher, family;        // exact; empty: any. A family by its id or its name
  std::vector<LineageClass> relations;  // matches of these classes alone; empty: any
  Depth depth = Depth::standard;        // of the comparison of candidates whose weights are on this
                                        // machine; fast: fingerprints alone
  bool sampled = false;    // read samples of the model, not all its weights (docs/fingerprint.md);
                           // then fingerprints alone are compared
  unsigned anchor_k = 64;  // as in CompareOptions
  unsigned wvc_subsample = 4096;  // as in CompareOptions
  FeatureCache* cache = nullptr;  // as in CompareOptions
  Progress* progress = nullptr;   // may be null; must outlive the call
  std::stop_token stop;           // error `cancelled` soon after a stop is requested
};

/// Looks for the model that `reference` names in a database: a file of records (docs/database.md),
/// or a folder of the published kit. Records are read one at a time; one that is damaged is left
/// out and named. The best candidates whose weights are at hand are compared by them; no network is
/// asked for one. Deterministic. Thread-safe. Errors: those of opening and reading the model and
/// the database; not_found where the database is empty; invalid_argument for options out of their
/// ranges.
Result<Scan> scan(std::string_view reference, const std::string& database,
                  const ScanOptions& options = {});

}  // namespace prov
