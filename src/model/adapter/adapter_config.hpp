// adapter_config.json of PEFT: what an adapter claims to change, and how.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "provenancekit/result.hpp"
#include "source/snapshot.hpp"

namespace prov::model {

/// Numbers that some modules have of their own, by the end of the module's name.
using ModulePattern = std::vector<std::pair<std::string, double>>;

struct AdapterConfig {
  std::string type;        // peft_type, e.g. "LORA"
  std::string base_model;  // base_model_name_or_path: a claim; "" if there is none
  double rank = 0, alpha = 0;
  ModulePattern rank_pattern, alpha_pattern;
  bool rank_stabilised = false;    // use_rslora
  bool weight_decomposed = false;  // use_dora
  bool fan_in_fan_out = false;
  std::string not_applied;  // why this version cannot apply it, a clause; empty: it can

  double rank_of(const std::string& module) const;
  /// alpha / r, or alpha / sqrt(r) where ranks are stabilised.
  double scale_of(const std::string& module) const;
};

/// nullopt without adapter_config.json. LoRA and DoRA on matrices and embeddings can be applied.
/// Not: other types; initialisations that change the base (PiSSA, OLoRA, LoftQ, CorDA); repeated
/// layers, parameters and tokens as targets; patterns with regular expressions. Errors: malformed;
/// those of reading.
Result<std::optional<AdapterConfig>> read_adapter_config(const source::Snapshot& snapshot);

}  // namespace prov::model
