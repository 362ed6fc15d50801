#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>

#include "base/checked_math.hpp"
#include "cli/command_line.hpp"
#include "cli/command_options.hpp"
#include "cli/invalid_choice.hpp"
#include "cli/output_options.hpp"

namespace prov::cli {
namespace {

constexpr std::string_view kProgram = "provenancekit cache";
constexpr std::string_view kUsage =
    "usage: provenancekit cache [-h] [--cache-dir DIR] [--max-size SIZE]\n"
    "                           [--json | --plain] [-o FORMAT[=FILE]]...\n"
    "                           [--color WHEN] [--no-progress] [-q] [-v]\n"
    "                           {info,clear,prune}\n";
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

class CacheParser {
 public:
  CacheParser() : app_("Look at and empty the cache: what was computed before, by model.") {
    lay_out_help(app_, kUsage, "arguments");
    app_.add_option("action", arguments_.action,
                    "info: what is in it; clear: remove everything;\n"
                    "prune: remove what was used longest ago")
        ->type_name("");
    output_.add_to(app_, /*with_timing=*/false);
    const std::string group = "options";
    app_.add_flag("-h,--help", help_, "Show this help and exit")->group(group);
    app_.add_option("--cache-dir", folder_, "The folder of the cache")
        ->option_text("DIR")
        ->take_last()
        ->group(group);
    app_.add_option("--max-size", size_, "prune: what may stay, in bytes or as 500M, 2G")
        ->option_text("SIZE")
        ->take_last()
        ->group(group);
    app_.footer(
        "exit status:\n"
        "  0  done                            4  usage error\n"
        "  2  failure\n");
  }

  Invocation parse(std::span<const std::string> arguments, bool verbose) {
    std::optional<std::string> problem = parse_into(app_, arguments);
    if (help_) return PrintText{app_.help()};
    if (!problem) problem = interpret();
    if (problem) return UsageError{std::string(kUsage), std::string(kProgram), *problem};
    arguments_.verbose = arguments_.verbose || verbose;
    return std::move(arguments_);
  }

 private:
  std::optional<std::string> interpret() {
    if (auto problem = output_.excluded()) return problem;
    if (arguments_.action.empty()) return "the following arguments are required: action";
    if (std::ranges::find(kActions, arguments_.action) == kActions.end())
      return invalid_choice("action", arguments_.action, kActions);
    if (app_.count("--cache-dir") > 0) arguments_.folder = folder_;
    const bool prune = arguments_.action == "prune";
    if (prune != (app_.count("--max-size") > 0))
      return prune ? "argument --max-size: prune needs it" : "argument --max-size: for prune only";
    if (prune) {
      const std::optional<std::uint64_t> size = parse_size(size_);
      if (!size) return fmt::format("argument --max-size: no size: '{}'", size_);
      arguments_.limit = *size;
    }
    return output_.interpret(arguments_);
  }

  CLI::App app_;
  CacheArguments arguments_;
  OutputOptions output_;
  std::string folder_, size_;
  bool help_ = false;
};

}  // namespace

Invocation parse_cache(std::span<const std::string> arguments, bool verbose) {
  return CacheParser().parse(arguments, verbose);
}

}  // namespace prov::cli
