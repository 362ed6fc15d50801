// How much of a model is read: --depth and --full.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/command_parser.hpp"
#include "provenancekit/compare.hpp"

namespace prov::cli {

/// Bound to a parser: must outlive it, and stay where it is.
class DepthOptions {
 public:
  /// `help`: what the levels mean to the command.
  void add_to(CommandParser& parser, const std::string& help);
  /// What was asked for; absent where nothing was. The problem, if there is one.
  std::optional<std::string> interpret(std::optional<Depth>& depth) const;

 private:
  std::optional<std::string> level_;
  bool full_ = false;
};

/// How a model is read for its fingerprint: as asked for, else sparingly where it is not on this
/// machine.
Depth fingerprint_depth(std::optional<Depth> given, std::string_view reference);

}  // namespace prov::cli
