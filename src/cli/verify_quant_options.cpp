#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"
#include "cli/command_options.hpp"
#include "cli/output_options.hpp"

namespace prov::cli {
namespace {

constexpr std::string_view kVerifyQuantProgram = "provenancekit verify-quant";
constexpr std::string_view kVerifyQuantUsage =
    "usage: provenancekit verify-quant [-h] [--json | --plain] [-o FORMAT[=FILE]]...\n"
    "                                  [--color WHEN] [--no-progress] [-q] [-v]\n"
    "                                  quantised source\n";

/// `verify-quant`: its options, bound to the members, and what they mean together.
class VerifyQuantParser {
 public:
  VerifyQuantParser() : app_("Is a quantised model what its scheme makes of its source?") {
    lay_out_help(app_, kVerifyQuantUsage);
    app_.add_option("quantised", arguments_.quantised,
                    "A quantised model: a directory, a weight file, or a\n"
                    "Hub cache snapshot")
        ->type_name("");
    app_.add_option("source", arguments_.source, "The model that it is said to be made of")
        ->type_name("");
    output_.add_to(app_, /*with_timing=*/false);
    app_.add_flag("-h,--help", help_, "Show this help and exit")->group("options");
    app_.footer(
        "exit status:\n"
        "  0  done, whatever was found        4  usage error\n"
        "  2  failure                         130, 143  stopped by SIGINT, SIGTERM\n");
  }

  Invocation parse(std::span<const std::string> arguments, bool verbose) {
    if (auto stopped =
            parse_and_interpret(app_, arguments, {kVerifyQuantProgram, kVerifyQuantUsage}, help_,
                                [this] { return interpret(); }))
      return *std::move(stopped);
    arguments_.verbose = arguments_.verbose || verbose;
    return std::move(arguments_);
  }

 private:
  // The problem, if there is one.
  std::optional<std::string> interpret() {
    if (auto problem = output_.excluded()) return problem;
    if (app_.count("quantised") == 0)
      return "the following arguments are required: quantised, source";
    if (app_.count("source") == 0) return "the following arguments are required: source";
    return output_.interpret(arguments_);
  }

  CLI::App app_;
  VerifyQuantArguments arguments_;
  OutputOptions output_;
  bool help_ = false;
};

}  // namespace

Invocation parse_verify_quant(std::span<const std::string> arguments, bool verbose) {
  return VerifyQuantParser().parse(arguments, verbose);
}

}  // namespace prov::cli
