#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "provenancekit/result.hpp"

namespace prov::model {

/// A number of config.json with its own kind: the published kit hashes 1000000 and 1000000.0
/// differently.
using ConfigNumber = std::variant<std::int64_t, double>;

/// config.json as transformers 5.5 sees it through its configuration class: class defaults filled
/// in, aliases resolved, rope settings joined (shared rules: docs/signals/mfi.md). "Attribute
/// exists" is `std::optional` having a value; a value that exists but is null is told apart where
/// the kit does. Sources: transformers 5.5.0 configuration classes, embedded as data
/// (facts/config_classes.json).
struct ConfigFacts {
  std::string model_type = "unknown";
  std::vector<std::string> architectures;  // empty if config.json has none
  std::int64_t hidden_size = 0, num_hidden_layers = 0, num_attention_heads = 0,
               intermediate_size = 0, vocab_size = 0, max_position_embeddings = 0;
  std::optional<std::int64_t> num_key_value_heads, head_dim;
  std::optional<std::string> hidden_act;
  std::optional<ConfigNumber> rope_theta;
  std::string rope_scaling = "null";       // compact JSON, keys sorted; "null" if absent
  std::string rope_scaling_type = "none";  // the text the kit hashes
  std::optional<bool> tie_word_embeddings, attention_bias;
  bool qk_norm = false;
  std::string norm_type = "unknown";      // RMSNorm | LayerNorm | unknown
  std::string pos_encoding = "absolute";  // RoPE | absolute | alibi | ...
  std::string tokenizer_class;            // config.json's own key, "" if absent
  std::vector<std::string>
      notes;  // where ours reads on and the kit would stop (no architectures, a null, ...)
};

/// A config.json of any real model is far smaller.
inline constexpr std::size_t kMaxConfigBytes = 32u << 20;

/// Errors: too_large beyond kMaxConfigBytes; malformed when the text is not a JSON object or is
/// nested too deeply. A field whose type cannot be used, an unknown or missing model_type is a
/// note, not an error. For an unknown model_type the fields are read as they stand.
Result<ConfigFacts> read_config_facts(std::string_view config_json, std::string_view file_name);

}  // namespace prov::model
