#include "model/role_alias.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "model/role_alias_table.hpp"
#include "model/role_table.hpp"

namespace prov::model {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::vector<std::string> segments_of(std::string_view name) {
  std::vector<std::string> segments(1);
  for (const char c : name) {
    if (c == '.' || c == '/') {
      segments.emplace_back();
    } else {
      segments.back() += c;
    }
  }
  return segments;
}

std::optional<int> number(std::string_view segment) {
  if (segment.empty() || segment.size() > 6) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(segment.data(), segment.data() + segment.size(), value);
  if (error != std::errc{} || end != segment.data() + segment.size() || value < 0)
    return std::nullopt;
  return value;
}

bool contains_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// "block_12" and "layer12" as "block" and 12.
std::optional<int> numbered_layer(std::string_view segment) {
  constexpr std::string_view kLayerWords[] = {"block", "layer", "h"};
  for (const std::string_view word : kLayerWords) {
    if (!segment.starts_with(word)) continue;
    segment.remove_prefix(word.size());
    if (segment.starts_with('_')) segment.remove_prefix(1);
    return number(segment);
  }
  return std::nullopt;
}

std::string_view without_decorations(std::string_view segment) {
  for (const std::string_view word : segment_decorations()) {
    if (segment.size() <= word.size()) continue;
    if (segment.ends_with(word)) segment.remove_suffix(word.size());
    if (segment.size() > word.size() && segment.starts_with(word))
      segment.remove_prefix(word.size());
  }
  return segment;
}

bool stands_at(AliasPlace place, bool in_layer, bool in_attention, bool in_mlp) {
  switch (place) {
    case AliasPlace::outside_layers:
      return !in_layer;
    case AliasPlace::anywhere_in_layer:
      return in_layer;
    case AliasPlace::attention:
      return in_layer && in_attention;
    case AliasPlace::mlp:
      return in_layer && in_mlp;
  }
  return false;
}

/// The last segment that is an alias decides; of its readings there must be one only.
RoleKind kind_of(const std::vector<std::string>& segments, bool in_layer) {
  bool in_attention = false, in_mlp = false;
  for (const std::string& segment : segments) {
    in_attention = in_attention || contains_any(segment, attention_words());
    in_mlp = in_mlp || contains_any(segment, mlp_words());
  }
  if (in_attention && in_mlp) in_attention = in_mlp = false;
  for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
    for (const std::string_view word :
         {std::string_view(*segment), without_decorations(*segment)}) {
      RoleKind found = RoleKind::unknown;
      for (const RoleAlias& alias : role_aliases()) {
        if (alias.word != word || !stands_at(alias.place, in_layer, in_attention, in_mlp)) continue;
        if (found != RoleKind::unknown && found != alias.kind) return RoleKind::unknown;
        found = alias.kind;
      }
      if (found != RoleKind::unknown) return found;
    }
  }
  return RoleKind::unknown;
}

}  // namespace

std::optional<int> layer_number(std::string_view name) {
  std::optional<int> found;
  for (const std::string& segment : segments_of(lower(name))) {
    auto layer = number(segment);
    if (!layer) layer = numbered_layer(segment);
    if (layer && found) return std::nullopt;
    if (layer) found = layer;
  }
  return found;
}

bool names_no_plain_part(std::string_view name) {
  return contains_any(lower(name), words_without_alias());
}

bool is_norm(RoleKind kind) {
  constexpr RoleKind kNorms[] = {RoleKind::attention_norm, RoleKind::mlp_norm, RoleKind::final_norm,
                                 RoleKind::query_norm, RoleKind::key_norm};
  return std::ranges::find(kNorms, kind) != std::end(kNorms);
}

std::optional<SuggestedRole> suggest_role(std::string_view name, std::size_t rank) {
  const std::string lowered = lower(name);
  if (contains_any(lowered, words_without_alias())) return std::nullopt;
  std::vector<std::string> segments = segments_of(lowered);
  SuggestedRole suggestion;
  bool says_parameter = false;
  for (const ParameterSuffix& suffix : parameter_suffixes()) {
    if (segments.back() != suffix.segment || segments.size() < 2) continue;
    if (suffix.parameter == Parameter::other) return std::nullopt;
    suggestion.role.parameter = suffix.parameter;
    says_parameter = true;
  }
  if (says_parameter) segments.pop_back();
  for (std::string& segment : segments) {
    auto layer = number(segment);
    if (!layer) layer = numbered_layer(segment);
    if (layer && suggestion.role.layer != kNoIndex) return std::nullopt;
    if (layer) {
      suggestion.role.layer = *layer;
      segment = "#";
    }
    suggestion.pattern += segment + '.';
  }
  suggestion.pattern += suggestion.role.parameter == Parameter::bias ? "bias" : "weight";
  suggestion.role.kind = kind_of(segments, suggestion.role.layer != kNoIndex);
  if (suggestion.role.kind == RoleKind::unknown) return std::nullopt;
  const std::size_t expected =
      suggestion.role.parameter == Parameter::bias || is_norm(suggestion.role.kind) ? 1 : 2;
  if (rank != expected) return std::nullopt;
  return suggestion;
}

}  // namespace prov::model
