#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/checked_math.hpp"
#include "cli/command_options.hpp"
#include "cli/command_parser.hpp"
#include "cli/invalid_choice.hpp"

namespace prov::cli {
namespace {

constexpr std::array<std::string_view, 3> kActions = {"info", "clear", "prune"};

// "500", "64K", "500M", "2G": bytes, in powers of 1024.
std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t unit = 1;
  if (text.ends_with('K')) unit = std::uint64_t{1} << 10;
  if (text.ends_with('M')) unit = std::uint64_t{1} << 20;
  if (text.ends_with('G')) unit = std::uint64_t{1} << 30;
  if (unit > 1) text.remove_suffix(1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return base::checked_multiply(number, unit);
}

// The problem, if there is one.
std::optional<std::string> interpret(const std::optional<std::string>& max_size,
                                     CacheArguments& arguments) {
  if (std::ranges::find(kActions, arguments.action) == kActions.end())
    return invalid_choice("action", arguments.action, kActions);
  const bool prune = arguments.action == "prune";
  if (prune != max_size.has_value())
    return prune ? "argument --max-size: prune needs it" : "argument --max-size: for prune only";
  if (!prune) return std::nullopt;
  const std::optional<std::uint64_t> size = parse_size(*max_size);
  if (!size)
    return fmt::format("argument --max-size: must be bytes or like 64K, 500M, 2G, got '{}'",
                       *max_size);
  arguments.limit = *size;
  return std::nullopt;
}

}  // namespace

Invocation parse_cache(std::span<const std::string> typed, bool verbose) {
  CacheArguments arguments;
  std::optional<std::string> max_size;
  CommandParser parser({.program = "provenancekit cache",
                        .about = "Look at and empty the cache: what was computed before, by model.",
                        .exit_codes = "  0  done                            4  usage error\n"
                                      "  2  failure\n",
                        .operands = "arguments"},
                       arguments);
  parser.add_operand("action", arguments.action,
                     "info: what is in it; clear: remove everything;\n"
                     "prune: remove what was used longest ago");
  parser.add_value("--cache-dir", "DIR", arguments.folder, "The folder of the cache");
  parser.add_value("--max-size", "SIZE", max_size, "prune: what may stay, in bytes or as 500M, 2G");
  const auto checked = [&] { return interpret(max_size, arguments); };
  if (auto stopped = parser.parse(typed, verbose, checked)) return *std::move(stopped);
  return arguments;
}

}  // namespace prov::cli
