#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"
#include "cli/command_options.hpp"
#include "cli/depth_option.hpp"
#include "cli/output_options.hpp"

namespace prov::cli {
namespace {

constexpr std::string_view kCompareProgram = "provenancekit compare";

constexpr std::string_view kCompareUsage =
    "usage: provenancekit compare [-h] [--json | --plain] [-o FORMAT[=FILE]]...\n"
    "                             [--depth LEVEL | --full] [--fail-on LIST]\n"
    "                             [--timing] [--color WHEN] [--offline] [--bandwidth]\n"
    "                             [--no-progress] [-q] [-v] [--cache-dir DIR]\n"
    "                             [--no-cache] [--trust-remote-code]\n"
    "                             model_a model_b\n";

/// `compare`: its options, bound to the members, and what they mean together.
class CompareParser {
 public:
  CompareParser() : app_("Compare two models: does one descend from the other?") {
    lay_out_help(app_, kCompareUsage);
    app_.add_option("model_a", arguments_.model_a,
                    "First model: a directory, a weight file, or a Hub cache snapshot")
        ->type_name("");
    app_.add_option("model_b", arguments_.model_b, "Second model")->type_name("");
    output_.add_to(app_, /*with_timing=*/true);
    add_other_options();
    app_.footer(
        "exit status:\n"
        "  0  done, whatever the verdict      3  inconclusive, with --fail-on inconclusive\n"
        "  1  another --fail-on condition     4  usage error\n"
        "  2  failure                         130, 143  stopped by SIGINT, SIGTERM\n");
  }

  Invocation parse(std::span<const std::string> arguments, bool verbose) {
    if (auto stopped = parse_and_interpret(app_, arguments, {kCompareProgram, kCompareUsage}, help_,
                                           [this] { return interpret(); }))
      return *std::move(stopped);
    arguments_.verbose = arguments_.verbose || verbose;
    return std::move(arguments_);
  }

 private:
  void add_other_options() {
    const std::string group = "options";
    app_.add_flag("-h,--help", help_, "Show this help and exit")->group(group);
    app_.add_option("--depth", depth_,
                    "fast: reads at most 5 % of the bytes, without the kit's\n"
                    "weight signals; standard: every weight once, costly tests\n"
                    "where the cheap ones are silent; deep: all tests on all\n"
                    "layers (default: standard; fast where a model is not on\n"
                    "this machine)")
        ->option_text("LEVEL")
        ->take_last()
        ->group(group);
    app_.add_flag("--full", full_,
                  "The same as --depth standard: read every weight, also\n"
                  "of a model that is not on this machine")
        ->group(group);
    app_.add_option("--fail-on", fail_on_,
                    "Exit with status 1 if one of these holds: identical,\n"
                    "derived, same-lineage, related (one of the three),\n"
                    "shared-initialisation, independent, conflict;\n"
                    "with status 3 for inconclusive")
        ->option_text("LIST")
        ->allow_extra_args(false)
        ->group(group);
    app_.add_option("--cache-dir", cache_dir_,
                    "Where features of the weights are kept, so that they need\n"
                    "not be read again (default: the user's cache folder)")
        ->option_text("DIR")
        ->take_last()
        ->group(group);
    app_.add_flag("--no-cache", arguments_.cache.off, "Keep nothing, and use nothing kept")
        ->group(group);
    app_.add_flag("--trust-remote-code", arguments_.trust_remote_code,
                  "Accepted; code of a model is never run")
        ->group(group);
  }

  // The problem, if there is one.
  std::optional<std::string> interpret() {
    if (output_.excluded()) return output_.excluded();
    if (app_.count("model_a") == 0) return "the following arguments are required: model_a, model_b";
    if (app_.count("model_b") == 0) return "the following arguments are required: model_b";
    if (auto problem = read_depth(depth_, arguments_.depth)) return problem;
    if (full_ && app_.count("--depth") > 0)
      return "argument --full: not allowed with argument --depth";
    arguments_.depth_given = full_ || app_.count("--depth") > 0;
    Result<std::vector<const FailCondition*>> conditions = parse_fail_conditions(fail_on_);
    if (!conditions) return conditions.error().message;
    arguments_.fail_on = *std::move(conditions);
    if (app_.count("--cache-dir") > 0) arguments_.cache.folder = cache_dir_;
    return output_.interpret(arguments_);
  }

  CLI::App app_;
  CompareArguments arguments_;
  OutputOptions output_;
  std::vector<std::string> fail_on_;
  std::string depth_ = "standard", cache_dir_;
  bool help_ = false, full_ = false;
};

}  // namespace

Invocation parse_compare(std::span<const std::string> arguments, bool verbose) {
  return CompareParser().parse(arguments, verbose);
}

}  // namespace prov::cli
