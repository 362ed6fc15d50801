#include "signals/mfi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "numeric/float_text.hpp"
#include "numeric/rounding.hpp"

namespace prov::signals {
namespace {

// JSON as Python's json.dumps writes it by default: ", " between elements, everything outside ASCII
// escaped.
std::string json_text(const std::string& text) {
  using nlohmann::json;
  return json(text).dump(-1, ' ', true, json::error_handler_t::replace);
}
std::string json_text(std::int64_t number) { return std::to_string(number); }
template <class T>
std::string json_text(const std::optional<T>& value) {
  return value ? json_text(*value) : "null";
}
std::string json_array(const std::vector<std::string>& elements) {
  return fmt::format("[{}]", fmt::join(elements, ", "));
}
std::string json_text(const std::vector<std::string>& texts) {
  std::vector<std::string> elements;
  elements.reserve(texts.size());
  for (const std::string& text : texts) elements.push_back(json_text(text));
  return json_array(elements);
}

/// Half to even, as round(number, -2) does with a Python int.
std::int64_t round_to_hundreds(std::int64_t number) {
  const std::int64_t rest = number % 100;
  std::int64_t hundreds = number / 100;
  const std::int64_t distance = std::abs(rest);
  if (distance > 50 || (distance == 50 && hundreds % 2 != 0)) hundreds += rest < 0 ? -1 : 1;
  // Numbers next to the limit of 64 bits have nothing to round to; no RoPE base comes near.
  std::int64_t result = 0;
  return __builtin_mul_overflow(hundreds, std::int64_t{100}, &result) ? number : result;
}

std::string rope_theta_bucket(const std::optional<model::ConfigNumber>& theta) {
  if (!theta) return "none";
  if (const auto* integer = std::get_if<std::int64_t>(&*theta))
    return std::to_string(round_to_hundreds(*integer));
  return numeric::shortest_float_text(
      numeric::round_half_even_decimal(std::get<double>(*theta), -2));
}

std::string arch_hash(const MfiRecord& r) {
  return base::sha256_hex(
      json_array({json_text(r.model_type), json_text(r.architectures), json_text(r.hidden_size),
                  json_text(r.num_hidden_layers), json_text(r.num_attention_heads),
                  json_text(r.num_key_value_heads), json_text(r.intermediate_size),
                  json_text(r.vocab_size), json_text(r.max_position_embeddings)}));
}

std::string family_hash(const MfiRecord& r, const std::string& rope_scaling_type) {
  return base::sha256_hex(
      json_array({json_text(r.model_type), json_text(r.attention_style), json_text(r.hidden_act),
                  json_text(r.norm_type), json_text(r.tokenizer_hash),
                  json_text(rope_theta_bucket(r.rope_theta)), json_text(rope_scaling_type)}));
}

void derive_attention(MfiRecord& record) {
  const std::int64_t heads = record.num_attention_heads == 0 ? 1 : record.num_attention_heads;
  const std::int64_t key_value_heads = record.num_key_value_heads.value_or(heads);
  if (key_value_heads != 0 && record.num_key_value_heads) {
    const double ratio = static_cast<double>(heads) / static_cast<double>(key_value_heads);
    record.gqa_ratio = numeric::round_half_even_decimal(ratio, 1);
  }
  record.attention_style = key_value_heads == heads ? "MHA" : key_value_heads == 1 ? "MQA" : "GQA";
}

std::string token_id_signature(const MfiTokenizer& tokenizer) {
  const auto text = [](const std::optional<std::int64_t>& id) {
    return id ? std::to_string(*id) : "None";
  };
  return fmt::format("bos={}|eos={}", text(tokenizer.bos_token_id), text(tokenizer.eos_token_id));
}

std::optional<double> as_double(const std::optional<model::ConfigNumber>& number) {
  if (!number) return std::nullopt;
  return std::visit([](auto value) { return static_cast<double>(value); }, *number);
}

/// 1 for equal sizes, 0 for sizes of different magnitude; both positive.
double ratio_similarity(double a, double b) { return 1.0 - std::fabs(a - b) / std::max(a, b); }

/// Adds up weight and points in the kit's order: the sums are rounded at the end, so the order
/// counts.
class SoftScore {
 public:
  void add(double weight, double agreement) {
    total_ += weight;
    points_ += weight * agreement;
  }
  void add_equal(double weight, bool equal) { add(weight, equal ? 1.0 : 0.0); }
  /// Sizes agree when they differ by at most a tenth; unknown sizes do not count.
  void add_size(double weight, std::int64_t a, std::int64_t b) {
    if (a <= 0 || b <= 0) return;
    add_equal(weight, ratio_similarity(static_cast<double>(a), static_cast<double>(b)) >= 0.90);
  }
  double value() const { return numeric::round_half_even_decimal(points_ / total_, 4); }

 private:
  double points_ = 0.0, total_ = 0.0;
};

double rope_theta_agreement(const MfiRecord& a, const MfiRecord& b) {
  const auto x = as_double(a.rope_theta), y = as_double(b.rope_theta);
  if (x && y && *x > 0 && *y > 0) return ratio_similarity(*x, *y);
  return !x && !y ? 1.0 : 0.0;
}

}  // namespace

MfiRecord extract_mfi(const model::ConfigFacts& config, const MfiTokenizer& tokenizer) {
  MfiRecord record{.model_type = config.model_type,
                   .architectures = config.architectures,
                   .hidden_size = config.hidden_size,
                   .num_hidden_layers = config.num_hidden_layers,
                   .num_attention_heads = config.num_attention_heads,
                   .num_key_value_heads = config.num_key_value_heads,
                   .intermediate_size = config.intermediate_size,
                   .vocab_size = config.vocab_size,
                   .max_position_embeddings = config.max_position_embeddings,
                   .hidden_act = config.hidden_act,
                   .rope_theta = config.rope_theta,
                   .rope_scaling = config.rope_scaling,
                   .tie_word_embeddings = config.tie_word_embeddings,
                   .bos_token_id = tokenizer.bos_token_id,
                   .eos_token_id = tokenizer.eos_token_id,
                   .attention_style = {},
                   .norm_type = config.norm_type,
                   .attention_bias = config.attention_bias,
                   .qk_norm = config.qk_norm,
                   .pos_encoding = config.pos_encoding,
                   .head_dim = config.head_dim,
                   .tokenizer_hash = tokenizer.hash,
                   .token_id_signature = token_id_signature(tokenizer),
                   .arch_hash = {},
                   .family_hash = {}};
  derive_attention(record);
  record.arch_hash = arch_hash(record);
  record.family_hash = family_hash(record, config.rope_scaling_type);
  return record;
}

double mfi_soft_score(const MfiRecord& a, const MfiRecord& b) {
  SoftScore score;
  const double bos = a.bos_token_id == b.bos_token_id ? 1.0 : 0.0;
  const double eos = a.eos_token_id == b.eos_token_id ? 1.0 : 0.0;
  score.add(2.0, (bos + eos) / 2.0);
  score.add_size(1.8, a.hidden_size, b.hidden_size);
  score.add_equal(1.5, a.qk_norm == b.qk_norm);
  score.add_size(1.5, a.num_hidden_layers, b.num_hidden_layers);
  if (a.vocab_size != 0 && b.vocab_size != 0) {
    score.add(1.5, ratio_similarity(static_cast<double>(a.vocab_size),
                                    static_cast<double>(b.vocab_size)));
  }
  score.add_equal(1.5, a.attention_style == b.attention_style);
  score.add(1.2, rope_theta_agreement(a, b));
  score.add_equal(0.5, a.norm_type == b.norm_type);
  score.add_equal(0.4, a.pos_encoding == b.pos_encoding);
  score.add_equal(0.4, a.attention_bias == b.attention_bias);
  score.add_equal(0.1, a.model_type == b.model_type);
  return score.value();
}

MfiSimilarity mfi_similarity(const MfiRecord& a, const MfiRecord& b) {
  if (!a.arch_hash.empty() && a.arch_hash == b.arch_hash) return {1.0, 1, "exact"};
  const bool same_size =
      a.hidden_size == b.hidden_size && a.num_hidden_layers == b.num_hidden_layers;
  if (!a.family_hash.empty() && a.family_hash == b.family_hash && same_size)
    return {0.9, 2, "family"};
  return {mfi_soft_score(a, b), 3, "soft_match"};
}

std::string_view mfi_family(std::string_view model_type) {
  struct Entry {
    std::string_view model_type, family;
  };
  static constexpr Entry kFamilies[] = {
      {"llama", "llama"},
      {"qwen2", "qwen"},
      {"qwen2_moe", "qwen"},
      {"qwen", "qwen"},
      {"qwen2_5_vl", "qwen"},
      {"qwen2_vl", "qwen"},
      {"qwen3", "qwen"},
      {"qwen3_moe", "qwen"},
      {"phi", "phi"},
      {"phi3", "phi"},
      {"phi-msft", "phi"},
      {"phi3small", "phi"},
      {"mixformer-sequential", "phi"},
      {"gemma", "gemma"},
      {"gemma2", "gemma"},
      {"gemma3", "gemma"},
      {"paligemma", "gemma"},
      {"mistral", "mistral"},
      {"deepseek_v3", "deepseek"},
      {"deepseek_v2", "deepseek"},
      {"gpt2", "gpt2"},
      {"falcon", "falcon"},
      {"gpt_bigcode", "starcoder"},
      {"bert", "bert"},
      {"roberta", "roberta"},
      {"t5", "t5"},
      {"bart", "bart"},
      {"marian", "marian"},
      {"bloom", "bloom"},
      {"gpt_neox", "gpt_neox"},
      {"albert", "albert"},
      {"deberta-v2", "deberta"},
      {"deberta", "deberta"},
      {"xlm-roberta", "xlm_roberta"},
      {"m2m_100", "nllb"},
  };
  std::string lower(model_type);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const auto found = std::ranges::find(kFamilies, lower, &Entry::model_type);
  return found == std::end(kFamilies) ? "unknown" : found->family;
}

}  // namespace prov::signals
