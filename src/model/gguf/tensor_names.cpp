#include "model/gguf/tensor_names.hpp"

#include <algorithm>

namespace prov::model {
namespace {

struct Parts {
  std::string_view layer;  // empty outside the layers
  std::string_view stem, parameter;
};

std::optional<Parts> take_apart(std::string_view name) {
  Parts parts;
  constexpr std::string_view kLayers = "blk.";
  if (name.starts_with(kLayers)) {
    name.remove_prefix(kLayers.size());
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    parts.layer = name.substr(0, dot);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (parts.layer.empty() || !std::ranges::all_of(parts.layer, is_digit)) return std::nullopt;
    name.remove_prefix(dot + 1);
  }
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) {
    parts.stem = name;
  } else {
    parts.stem = name.substr(0, dot);
    parts.parameter = name.substr(dot + 1);
  }
  return parts;
}

const GgufNameRule* find_rule(std::span<const GgufNameRule> rules, const Parts& parts) {
  for (const GgufNameRule& rule : rules) {
    const bool in_layer = rule.module.find("{L}") != std::string_view::npos;
    if (rule.stem == parts.stem && in_layer == !parts.layer.empty()) return &rule;
  }
  return nullptr;
}

}  // namespace

std::optional<std::string> translated_name(const GgufArchitecture* architecture,
                                           std::string_view name) {
  const auto parts = take_apart(name);
  if (!parts) return std::nullopt;
  const GgufNameRule* rule =
      architecture == nullptr ? nullptr : find_rule(architecture->own, *parts);
  if (rule == nullptr) rule = find_rule(llama_gguf_names(), *parts);
  if (rule == nullptr) return std::nullopt;
  std::string result(rule->module);
  constexpr std::string_view kSlot = "{L}";
  if (const std::size_t slot = result.find(kSlot); slot != std::string::npos)
    result.replace(slot, kSlot.size(), parts->layer);
  // Some modules are a whole tensor elsewhere: their name ends in a space instead of a parameter.
  if (result.ends_with(' ')) {
    result.pop_back();
  } else if (!parts->parameter.empty()) {
    result += '.';
    result += parts->parameter;
  }
  return result;
}

}  // namespace prov::model
