#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/config/config_facts.hpp"

namespace prov::signals {

/// What the metadata record needs from the tokenizer.
struct MfiTokenizer {
  std::optional<std::int64_t> bos_token_id, eos_token_id;
  std::string hash;  // of the tokenizer as the published kit serialises it
};

/// The 26 metadata fields of the published kit, in its order. Description: docs/signals/mfi.md.
struct MfiRecord {
  std::string model_type;
  std::vector<std::string> architectures;
  std::int64_t hidden_size = 0, num_hidden_layers = 0, num_attention_heads = 0;
  std::optional<std::int64_t> num_key_value_heads;
  std::int64_t intermediate_size = 0, vocab_size = 0, max_position_embeddings = 0;
  std::optional<std::string> hidden_act;
  std::optional<model::ConfigNumber> rope_theta;
  std::string rope_scaling = "null";  // JSON object or null
  std::optional<bool> tie_word_embeddings;
  std::optional<std::int64_t> bos_token_id, eos_token_id;
  double gqa_ratio = 1.0;       // query heads per key-value head, one decimal
  std::string attention_style;  // MHA | MQA | GQA
  std::string norm_type;
  std::optional<bool> attention_bias;
  bool qk_norm = false;
  std::string pos_encoding;
  std::optional<std::int64_t> head_dim;
  std::string tokenizer_hash, token_id_signature;
  std::string arch_hash, family_hash;  // SHA-256 of a JSON text of some fields

  friend bool operator==(const MfiRecord&, const MfiRecord&) = default;
};

/// Thread-safe.
MfiRecord extract_mfi(const model::ConfigFacts& config, const MfiTokenizer& tokenizer);

/// How alike two records are: tier 1 "exact" (equal arch_hash, score 1), tier 2 "family" (equal
/// family_hash and size, 0.9), tier 3 "soft_match" (weighted agreement of 11 features, four
/// decimals).
struct MfiSimilarity {
  double score = 0.0;  // 0 ... 1
  int tier = 3;
  std::string_view match_type;  // a literal
};

/// Symmetric, thread-safe. Tells nothing about weights: two models trained apart from one
/// configuration score 1.
MfiSimilarity mfi_similarity(const MfiRecord& a, const MfiRecord& b);

/// The score of tier 3, whatever the tier.
double mfi_soft_score(const MfiRecord& a, const MfiRecord& b);

/// The model family that the kit derives from a model type, e.g. "qwen" from "Qwen2_moe"; "unknown"
/// for others.
std::string_view mfi_family(std::string_view model_type);

}  // namespace prov::signals
