#include "cli/depth_option.hpp"

#include <algorithm>
#include <array>

#include "cli/invalid_choice.hpp"
#include "provenancekit/network.hpp"

namespace prov::cli {

std::optional<std::string> read_depth(std::string_view name, Depth& depth) {
  constexpr std::array kDepths = {Depth::fast, Depth::standard, Depth::deep};
  const auto* const found = std::ranges::find(kDepths, name, depth_name);
  if (found == kDepths.end())
    return invalid_choice("--depth", name, std::array{"fast", "standard", "deep"});
  depth = *found;
  return std::nullopt;
}

Depth fingerprint_depth(std::optional<Depth> given, std::string_view reference) {
  return given.value_or(is_remote_model(reference) ? Depth::fast : Depth::standard);
}

}  // namespace prov::cli
