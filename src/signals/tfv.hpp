#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/kit_tokenizer/kit_tokenizer.hpp"

namespace prov::signals {

/// Tokenizer feature vector: what the published kit stores about a tokenizer. Value type.
/// Fields, rounding and similarity: docs/signals/tfv.md (specification of the kit, section 4).
struct TokenizerFeatures {
  std::int64_t vocab_size = 0;  // added tokens included
  std::string tokenizer_class;
  std::optional<std::int64_t> bos_token_id, eos_token_id, pad_token_id, unk_token_id, mask_token_id;
  std::optional<std::int64_t> num_added_tokens, num_special_tokens;
  std::int64_t num_merges = 0;
  std::vector<std::string> first_merges;  // at most 5, "left right"
  std::string merge_rule_hash;            // SHA-256 of the first 50 merges, one a line
  std::string
      all_merges_hash;  // SHA-256 of all; "" without merges. Stands for the kit's all_merges_str
  std::optional<double> single_character_share;         // [0, 1], 4 decimals
  double average_length = 0;                            // code points, 2 decimals
  std::optional<std::int64_t> longest;                  // code points
  double space_prefix_share = 0, byte_share = 0;        // [0, 1], 4 decimals
  std::vector<std::pair<std::string, double>> scripts;  // name and share, most frequent first

  friend bool operator==(const TokenizerFeatures&, const TokenizerFeatures&) = default;
};

TokenizerFeatures extract_tokenizer_features(const model::KitTokenizer& tokenizer);

/// In [0, 1], 4 decimals. 1 for a BPE tokenizer with itself, 0.925 for one without merges (a quirk
/// of the kit).
double tokenizer_similarity(const TokenizerFeatures& a, const TokenizerFeatures& b);

}  // namespace prov::signals
