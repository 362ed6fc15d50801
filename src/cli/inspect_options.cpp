#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"
#include "cli/command_options.hpp"
#include "cli/output_options.hpp"

namespace prov::cli {
namespace {

constexpr std::string_view kInspectProgram = "provenancekit inspect";
constexpr std::string_view kInspectUsage =
    "usage: provenancekit inspect [-h] [--json | --plain] [-o FORMAT[=FILE]]...\n"
    "                             [--color WHEN] [--no-progress] [-q] [-v]\n"
    "                             model\n";

/// `inspect`: its options, bound to the members, and what they mean together.
class InspectParser {
 public:
  InspectParser() : app_("What is a model, or a fingerprint, made of?") {
    lay_out_help(app_, kInspectUsage);
    app_.add_option("model", arguments_.reference,
                    "A model: a directory, a weight file, or a Hub cache\n"
                    "snapshot; or a fingerprint: a file that ends in .fp")
        ->type_name("");
    output_.add_to(app_, /*with_timing=*/false);
    app_.add_flag("-h,--help", help_, "Show this help and exit")->group("options");
    app_.footer(
        "exit status:\n"
        "  0  done      2  failure      4  usage error\n");
  }

  Invocation parse(std::span<const std::string> arguments, bool verbose) {
    std::optional<std::string> problem = parse_into(app_, arguments);
    if (help_) return PrintText{app_.help()};
    if (!problem) problem = interpret();
    if (problem)
      return UsageError{std::string(kInspectUsage), std::string(kInspectProgram), *problem};
    arguments_.verbose = arguments_.verbose || verbose;
    return std::move(arguments_);
  }

 private:
  // The problem, if there is one.
  std::optional<std::string> interpret() {
    if (auto problem = output_.excluded()) return problem;
    if (app_.count("model") == 0) return "the following arguments are required: model";
    return output_.interpret(arguments_);
  }

  CLI::App app_;
  InspectArguments arguments_;
  OutputOptions output_;
  bool help_ = false;
};

}  // namespace

Invocation parse_inspect(std::span<const std::string> arguments, bool verbose) {
  return InspectParser().parse(arguments, verbose);
}

}  // namespace prov::cli
