#include "model/gguf/gguf_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "model/gguf/tensor_names.hpp"

namespace prov::model {
namespace {

struct Key {
  std::string_view gguf;    // behind "<architecture>."
  std::string_view config;  // in config.json
};

constexpr Key kWholeNumbers[] = {
    {"embedding_length", "hidden_size"},
    {"block_count", "num_hidden_layers"},
    {"attention.head_count", "num_attention_heads"},
    {"attention.head_count_kv", "num_key_value_heads"},
    {"attention.key_length", "head_dim"},
    {"attention.sliding_window", "sliding_window"},
    {"feed_forward_length", "intermediate_size"},
    {"context_length", "max_position_embeddings"},
    {"vocab_size", "vocab_size"},
    {"expert_used_count", "num_experts_per_tok"},
};

constexpr Key kRealNumbers[] = {
    {"attention.layer_norm_rms_epsilon", "rms_norm_eps"},
    {"attention.layer_norm_epsilon", "layer_norm_eps"},
    {"rope.freq_base", "rope_theta"},
};

constexpr Key kTokens[] = {
    {"tokenizer.ggml.bos_token_id", "bos_token_id"},
    {"tokenizer.ggml.eos_token_id", "eos_token_id"},
    {"tokenizer.ggml.padding_token_id", "pad_token_id"},
};

/// f32 in the file: 1e-05 must not become 9.999999747378752e-06.
double as_written(double stored) {
  const std::string shortest = fmt::format("{}", static_cast<float>(stored));
  return std::strtod(shortest.c_str(), nullptr);
}

/// Multi-head latent attention is written as the attention with one key head that it can be run as.
void undo_latent_attention(nlohmann::json& config, const format::GgufMetadata& metadata,
                           const std::string& architecture) {
  const auto number = [&](std::string_view key) {
    return metadata.integer(fmt::format("{}.{}", architecture, key));
  };
  const auto key = number("attention.key_length_mla"), value = number("attention.value_length_mla");
  const auto rotary = number("rope.dimension_count");
  if (!key || !value || !rotary || *key < *rotary || *rotary < 0) return;
  config.erase("head_dim");
  config["qk_rope_head_dim"] = *rotary;
  config["qk_nope_head_dim"] = *key - *rotary;
  config["v_head_dim"] = *value;
  for (const char* rank : {"kv_lora_rank", "q_lora_rank"}) {
    if (const auto found = number(fmt::format("attention.{}", rank))) config[rank] = *found;
  }
  if (const auto heads = config.find("num_attention_heads"); heads != config.end())
    config["num_key_value_heads"] = *heads;
}

bool has_role(const Checkpoint& checkpoint, RoleKind kind) {
  return std::ranges::any_of(checkpoint.tensors,
                             [&](const Tensor& tensor) { return tensor.role.kind == kind; });
}

}  // namespace

std::optional<std::string> gguf_config_text(const Checkpoint& checkpoint) {
  if (!checkpoint.gguf) return std::nullopt;
  const format::GgufMetadata& metadata = *checkpoint.gguf;
  const std::string* name = metadata.text("general.architecture");
  if (name == nullptr || base::find_invalid_utf8(*name) != std::string::npos) return std::nullopt;
  const auto of_architecture = [&](std::string_view key) {
    return fmt::format("{}.{}", *name, key);
  };
  nlohmann::json config;
  const GgufArchitecture* architecture = find_gguf_architecture(*name);
  const auto experts = metadata.integer(of_architecture("expert_count")).value_or(0);
  config["model_type"] = *name;
  if (architecture != nullptr) {
    const bool mixtral = *name == "llama" && experts > 0;
    config["model_type"] = mixtral ? "mixtral" : architecture->model_type;
    config["architectures"] = {mixtral ? "MixtralForCausalLM" : architecture->class_name};
  }
  if (experts > 0) config[*name == "llama" ? "num_local_experts" : "num_experts"] = experts;
  for (const Key& key : kWholeNumbers) {
    if (const auto number = metadata.integer(of_architecture(key.gguf)))
      config[std::string(key.config)] = *number;
  }
  undo_latent_attention(config, metadata, *name);
  for (const Key& key : kRealNumbers) {
    if (const auto number = metadata.number(of_architecture(key.gguf)))
      config[std::string(key.config)] = as_written(*number);
  }
  for (const Key& key : kTokens) {
    if (const auto id = metadata.integer(key.gguf)) config[std::string(key.config)] = *id;
  }
  const format::GgufArray* tokens = metadata.array("tokenizer.ggml.tokens");
  if (!config.contains("vocab_size") && tokens != nullptr) config["vocab_size"] = tokens->size();
  if (has_role(checkpoint, RoleKind::token_embedding))
    config["tie_word_embeddings"] = !has_role(checkpoint, RoleKind::output_head);
  return config.dump();
}

}  // namespace prov::model
