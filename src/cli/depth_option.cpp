#include "cli/depth_option.hpp"

#include <algorithm>
#include <array>

#include "cli/invalid_choice.hpp"
#include "provenancekit/network.hpp"

namespace prov::cli {

void DepthOptions::add_to(CommandParser& parser, const std::string& help) {
  parser.add_value("--depth", "LEVEL", level_, help);
  parser.add_flag("--full", full_,
                  "The same as --depth standard: read every weight, also\n"
                  "of a model that is not on this machine");
}

std::optional<std::string> DepthOptions::interpret(std::optional<Depth>& depth) const {
  if (full_ && level_) return "argument --full: not allowed with argument --depth";
  if (full_) depth = Depth::standard;
  if (!level_) return std::nullopt;
  constexpr std::array kDepths = {Depth::fast, Depth::standard, Depth::deep};
  const auto* const found = std::ranges::find(kDepths, *level_, depth_name);
  if (found == kDepths.end())
    return invalid_choice("--depth", *level_, std::array{"fast", "standard", "deep"});
  depth = *found;
  return std::nullopt;
}

Depth fingerprint_depth(std::optional<Depth> given, std::string_view reference) {
  return given.value_or(is_remote_model(reference) ? Depth::fast : Depth::standard);
}

}  // namespace prov::cli
