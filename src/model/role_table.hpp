#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "model/role.hpp"

namespace prov::model {

/// One naming rule. `pattern` is the dot-separated name of a module, without wrapper (see Wrapper)
/// and without parameter, or of a whole tensor where its last segment is not one of
/// parameter_suffixes(). A segment is literal, or one of
///   {L}  the layer number,   {E}  the expert number,   {*}  any number.
struct RoleRule {
  std::string_view pattern;
  RoleKind kind;
  Layout layout = Layout::plain;
  int expert = kNoIndex;                      // for patterns without {E}
  Parameter parameter = Parameter::weight;    // for patterns that name a whole tensor
  int layer = kNoIndex;                       // for patterns without {L}
  std::optional<Tower> tower = std::nullopt;  // where it differs from its family's
};

/// The rules that one family of models adds to those before it.
struct NamingFamily {
  std::string_view name;
  Tower tower;
  std::span<const RoleRule> rules;
};

/// A leading segment that only says who owns the rest, e.g. "model" or "vision_tower". `tower`, if
/// any, overrides the rule's.
struct Wrapper {
  std::string_view segment;
  std::optional<Tower> tower;
};

/// The last segment of a tensor's name.
struct ParameterSuffix {
  std::string_view segment;
  Parameter parameter;
};

std::span<const NamingFamily> naming_families();
std::span<const Wrapper> wrappers();
std::span<const ParameterSuffix> parameter_suffixes();

}  // namespace prov::model
