#include "signals/tensor_naming.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace prov::signals {
namespace {

struct CategoryRule {
  KitCategory category;
  std::vector<std::string_view> keywords;
};

// The order decides: "dense_h_to_4h" is an o_proj because "dense" comes first.
const std::vector<CategoryRule>& category_rules() {
  static const std::vector<CategoryRule> rules = {
      {KitCategory::q_proj, {"q_proj", "query", "self.query"}},
      {KitCategory::k_proj, {"k_proj", "key", "self.key"}},
      {KitCategory::v_proj, {"v_proj", "value", "self.value"}},
      {KitCategory::o_proj, {"o_proj", "dense", "out_proj"}},
      {KitCategory::gate_proj, {"gate_proj", "gate"}},
      {KitCategory::up_proj, {"up_proj", "fc1", "dense_h_to_4h", "wi_0"}},
      {KitCategory::down_proj, {"down_proj", "fc2", "dense_4h_to_h", "wi_1", "wo"}},
      {KitCategory::embedding, {"embed_tokens", "wte", "word_embeddings", "shared.weight"}},
      {KitCategory::norm, {"layernorm", "rmsnorm", "ln_", "norm"}},
      {KitCategory::lm_head, {"lm_head", "cls"}},
  };
  return rules;
}

constexpr std::string_view kEmbeddingNames[] = {
    "model.embed_tokens.weight",
    "transformer.wte.weight",
    "embeddings.word_embeddings.weight",
    "gpt_neox.embed_in.weight",
    "transformer.word_embeddings.weight",
    "shared.weight",
    "model.shared.weight",
    "encoder.embed_tokens.weight",
    "model.encoder.embed_tokens.weight",
    "model.decoder.embed_tokens.weight",
    "decoder.embed_tokens.weight",
    "bert.embeddings.word_embeddings.weight",
    "roberta.embeddings.word_embeddings.weight",
    "deberta.embeddings.word_embeddings.weight",
    "distilbert.embeddings.word_embeddings.weight",
    "electra.embeddings.word_embeddings.weight",
    "albert.embeddings.word_embeddings.weight",
    "xlm-roberta.embeddings.word_embeddings.weight",
    "camembert.embeddings.word_embeddings.weight",
    "word_embeddings.weight",
    "wte.weight",
};

std::string lower(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool ends_with_layer_word(std::string_view text) {
  return text.ends_with("layer") || text.ends_with("layers") || text.ends_with("h") ||
         text.ends_with("block");
}

}  // namespace

KitCategory kit_category(std::string_view name) {
  const std::string text = lower(name);
  for (const CategoryRule& rule : category_rules()) {
    const auto in_name = [&](std::string_view keyword) { return contains(text, keyword); };
    if (std::ranges::any_of(rule.keywords, in_name)) return rule.category;
  }
  return KitCategory::other;
}

std::optional<std::uint32_t> kit_layer(std::string_view name) {
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos;
       dot = name.find('.', dot + 1)) {
    if (!ends_with_layer_word(name.substr(0, dot))) continue;
    std::size_t at = dot + 1;
    while (at < name.size() && is_space(name[at])) ++at;
    const std::size_t digits = at;
    std::uint32_t layer = 0;
    for (; at < name.size() && is_digit(name[at]); ++at) {
      layer = std::min(layer * 10 + static_cast<std::uint32_t>(name[at] - '0'), kMaxLayer + 1);
    }
    if (at == digits || at == name.size() || name[at] != '.') continue;
    if (layer > kMaxLayer) return std::nullopt;
    return layer;
  }
  return std::nullopt;
}

bool is_kit_norm_name(std::string_view name) {
  const std::string text = lower(name);
  return contains(text, "norm") || contains(text, "ln_") || contains(text, "post_attention");
}

std::optional<std::size_t> find_kit_embedding(std::span<const model::Tensor* const> tensors) {
  const auto name_of = [](const model::Tensor* t) { return std::string_view(t->info.name); };
  const auto index_of = [&](auto found) {
    return static_cast<std::size_t>(found - tensors.begin());
  };
  for (std::string_view wanted : kEmbeddingNames) {
    const auto found = std::ranges::lower_bound(tensors, wanted, {}, name_of);
    if (found != tensors.end() && name_of(*found) == wanted) return index_of(found);
  }
  const auto found = std::ranges::find_if(tensors, [](const model::Tensor* tensor) {
    const std::string text = lower(tensor->info.name);
    const bool named =
        (contains(text, "embed") || contains(text, "wte")) && !contains(text, "position");
    return named && tensor->info.shape.size() == 2;
  });
  if (found == tensors.end()) return std::nullopt;
  return index_of(found);
}

}  // namespace prov::signals
