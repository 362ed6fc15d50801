#include "signals/parameter_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace prov::signals {
namespace {

constexpr std::array<std::string_view, 3> kGatedActivations = {"gegelu", "silu", "swiglu"};
constexpr std::array<std::string_view, 19> kGatedTypes = {
    "cohere", "cohere2",     "command-r", "deepseek_v2", "deepseek_v3", "gemma", "gemma2",
    "gemma3", "gemma3_text", "llama",     "mistral",     "mixtral",     "phi3",  "phi4",
    "qwen2",  "qwen2_moe",   "qwen3",     "qwen3_moe",   "starcoder2"};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return result;
}

template <class Names>
bool contains(const Names& names, std::string_view text) {
  return std::ranges::find(names, lower(text)) != names.end();
}

std::size_t place_of(std::string_view bucket) {
  return static_cast<std::size_t>(std::ranges::find(kParameterBuckets, bucket) -
                                  kParameterBuckets.begin());
}

}  // namespace

// Doubles are exact up to 2^53, and a configuration with absurd numbers overflows into infinity.
double estimated_parameters(const MfiRecord& mfi) {
  const auto hidden = static_cast<double>(mfi.hidden_size);
  const auto heads = static_cast<double>(mfi.num_attention_heads);
  const std::int64_t stated_kv = mfi.num_key_value_heads.value_or(0);
  const double kv_heads = stated_kv == 0 ? heads : static_cast<double>(stated_kv);
  const double inner =
      mfi.intermediate_size == 0 ? 4 * hidden : static_cast<double>(mfi.intermediate_size);
  const std::int64_t stated_dim = mfi.head_dim.value_or(0);
  const double derived_dim = heads == 0 ? hidden : std::floor(hidden / heads);
  const double head_dim = stated_dim == 0 ? derived_dim : static_cast<double>(stated_dim);
  const bool gated = contains(kGatedActivations, mfi.hidden_act.value_or("")) ||
                     contains(kGatedTypes, mfi.model_type);

  const double embedding = static_cast<double>(mfi.vocab_size) * hidden;
  const double attention = hidden * head_dim * (heads + 2 * kv_heads) + heads * head_dim * hidden;
  const double mlp = (gated ? 3 : 2) * hidden * inner;
  const double head = mfi.tie_word_embeddings.value_or(true) ? 0 : embedding;
  return embedding + static_cast<double>(mfi.num_hidden_layers) * (attention + mlp) + head;
}

std::string_view parameter_bucket(double parameters) {
  if (parameters < 1e9) return kParameterBuckets[0];
  if (parameters < 1e10) return kParameterBuckets[1];
  if (parameters < 4e10) return kParameterBuckets[2];
  return kParameterBuckets[3];
}

bool are_near_buckets(std::string_view a, std::string_view b) {
  const std::size_t first = place_of(a), second = place_of(b);
  if (std::max(first, second) == kParameterBuckets.size()) return false;
  return std::max(first, second) - std::min(first, second) <= 1;
}

}  // namespace prov::signals
