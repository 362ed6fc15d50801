#include "model/role.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>
#include <vector>

#include "model/role_table.hpp"

namespace prov::model {
namespace {

/// A number in a pattern: a placeholder, or a literal number >= 0.
enum Slot : int { kLayerSlot = -1, kExpertSlot = -2, kAnySlot = -3 };

struct CompiledRule {
  const RoleRule* rule = nullptr;
  Tower tower = Tower::text;
  std::vector<int> slots;  // one for each number of the name, in order
};

/// Rules by shape. The shape of a name is the name with each number replaced by '#': one look-up
/// finds the few rules that can fit, whatever the number of rules.
using RuleIndex = std::unordered_map<std::string, std::vector<CompiledRule>>;

std::string_view first_segment(std::string_view name) { return name.substr(0, name.find('.')); }

/// Layer and expert numbers as frameworks write them: digits without leading zeros. Six digits are
/// more than any model has.
std::optional<int> parse_number(std::string_view segment) {
  if (segment.empty() || segment.size() > 6 || (segment.size() > 1 && segment[0] == '0'))
    return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(segment.data(), segment.data() + segment.size(), value);
  if (error != std::errc{} || end != segment.data() + segment.size() || value < 0)
    return std::nullopt;
  return value;
}

std::optional<int> parse_slot(std::string_view segment) {
  if (segment == "{L}") return kLayerSlot;
  if (segment == "{E}") return kExpertSlot;
  if (segment == "{*}") return kAnySlot;
  return parse_number(segment);
}

struct Shape {
  std::string key;
  std::vector<int> numbers;
};

Shape shape_of(std::string_view name, std::optional<int> (*parse)(std::string_view)) {
  Shape shape;
  shape.key.reserve(name.size());
  for (;;) {
    const std::string_view segment = first_segment(name);
    if (const auto number = parse(segment)) {
      shape.key += '#';
      shape.numbers.push_back(*number);
    } else {
      shape.key += segment;
    }
    if (segment.size() == name.size()) return shape;
    shape.key += '.';
    name.remove_prefix(segment.size() + 1);
  }
}

const RuleIndex& rule_index() {
  static const RuleIndex index = [] {
    RuleIndex made;
    for (const NamingFamily& family : naming_families()) {
      for (const RoleRule& rule : family.rules) {
        Shape shape = shape_of(rule.pattern, parse_slot);
        made[std::move(shape.key)].push_back(
            {&rule, rule.tower.value_or(family.tower), std::move(shape.numbers)});
      }
    }
    return made;
  }();
  return index;
}

std::optional<Role> match(const CompiledRule& compiled, const std::vector<int>& numbers) {
  // A name may contain a '#' of its own.
  if (numbers.size() != compiled.slots.size()) return std::nullopt;
  Role role{.kind = compiled.rule->kind,
            .tower = compiled.tower,
            .parameter = compiled.rule->parameter,
            .layout = compiled.rule->layout,
            .layer = compiled.rule->layer,
            .expert = compiled.rule->expert};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const int slot = compiled.slots[i];
    if (slot == kLayerSlot) {
      role.layer = numbers[i];
    } else if (slot == kExpertSlot) {
      role.expert = numbers[i];
    } else if (slot != kAnySlot && slot != numbers[i]) {
      return std::nullopt;
    }
  }
  return role;
}

std::optional<Role> find_rule(std::string_view name) {
  const Shape shape = shape_of(name, parse_number);
  const auto found = rule_index().find(shape.key);
  if (found == rule_index().end()) return std::nullopt;
  for (const CompiledRule& compiled : found->second) {
    if (auto role = match(compiled, shape.numbers)) return role;
  }
  return std::nullopt;
}

struct Unwrapped {
  std::string_view name;
  std::optional<Tower> tower;
};

Unwrapped unwrap(std::string_view name) {
  Unwrapped result{name, std::nullopt};
  for (;;) {
    const std::string_view segment = first_segment(result.name);
    const auto wrapper = std::ranges::find(wrappers(), segment, &Wrapper::segment);
    if (wrapper == wrappers().end() || segment.size() == result.name.size()) return result;
    result.name.remove_prefix(segment.size() + 1);
    if (wrapper->tower) result.tower = wrapper->tower;
  }
}

struct Split {
  std::string_view module;
  Parameter parameter;
};

/// "q_proj.weight" -> q_proj, weight. What bitsandbytes hangs below a weight
/// ("q_proj.weight.absmax") is `other`.
std::optional<Split> split_parameter(std::string_view name) {
  constexpr std::string_view kBelow = ".weight.";
  const std::size_t below = name.find(kBelow);
  if (below != std::string_view::npos && below + kBelow.size() < name.size()) {
    return Split{name.substr(0, below), Parameter::other};
  }
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto suffix =
      std::ranges::find(parameter_suffixes(), name.substr(dot + 1), &ParameterSuffix::segment);
  if (suffix == parameter_suffixes().end()) return std::nullopt;
  return Split{name.substr(0, dot), suffix->parameter};
}

std::optional<Role> role_of_unwrapped(std::string_view name) {
  if (auto role = find_rule(name)) return role;
  const auto split = split_parameter(name);
  if (!split) return std::nullopt;
  auto role = find_rule(split->module);
  if (role && role->parameter == Parameter::weight) role->parameter = split->parameter;
  return role;
}

/// A bias has one axis, and nothing to transpose.
Layout layout_of_vector(Layout layout) {
  if (layout == Layout::transposed) return Layout::plain;
  if (layout == Layout::stacked_transposed) return Layout::stacked;
  return layout;
}

}  // namespace

Role role_of(std::string_view name) {
  const Unwrapped unwrapped = unwrap(name);
  auto role = role_of_unwrapped(unwrapped.name);
  if (!role) return {};
  if (unwrapped.tower) role->tower = *unwrapped.tower;
  if (role->parameter == Parameter::bias) role->layout = layout_of_vector(role->layout);
  return *role;
}

}  // namespace prov::model
