#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"
#include "cli/command_options.hpp"
#include "cli/output_options.hpp"

namespace prov::cli {
namespace {

constexpr std::string_view kDecomposeProgram = "provenancekit decompose";
constexpr std::string_view kDecomposeUsage =
    "usage: provenancekit decompose [-h] [--base MODEL] [--json | --plain]\n"
    "                               [-o FORMAT[=FILE]]... [--color WHEN]\n"
    "                               [--no-progress] [-q] [-v]\n"
    "                               child parent [parent ...]\n";

/// `decompose`: its options, bound to the members, and what they mean together.
class DecomposeParser {
 public:
  DecomposeParser() : app_("Which models was a merged model made of, how, with what weights?") {
    lay_out_help(app_, kDecomposeUsage);
    app_.add_option("child", arguments_.child,
                    "The model in question: a directory, a weight file,\n"
                    "or a Hub cache snapshot")
        ->type_name("");
    app_.add_option("parent", arguments_.candidates,
                    "Models that it may be made of; those that are not\n"
                    "needed are said to be so")
        ->type_name("")
        ->expected(1, -1);
    output_.add_to(app_, /*with_timing=*/false);
    const std::string group = "options";
    app_.add_flag("-h,--help", help_, "Show this help and exit")->group(group);
    app_.add_option("--base", arguments_.base,
                    "The common ancestor of the parents; without it, each\n"
                    "parent is tried as one")
        ->option_text("MODEL")
        ->take_last()
        ->group(group);
    app_.footer(
        "exit status:\n"
        "  0  done, whatever was found        4  usage error\n"
        "  2  failure                         130, 143  stopped by SIGINT, SIGTERM\n");
  }

  Invocation parse(std::span<const std::string> arguments, bool verbose) {
    if (auto stopped = parse_and_interpret(app_, arguments, {kDecomposeProgram, kDecomposeUsage},
                                           help_, [this] { return interpret(); }))
      return *std::move(stopped);
    arguments_.verbose = arguments_.verbose || verbose;
    return std::move(arguments_);
  }

 private:
  // The problem, if there is one.
  std::optional<std::string> interpret() {
    if (auto problem = output_.excluded()) return problem;
    if (app_.count("child") == 0) return "the following arguments are required: child, parent";
    if (app_.count("parent") == 0) return "the following arguments are required: parent";
    if (app_.count("--base") > 0 && arguments_.base.empty())
      return "argument --base: the name of the model is empty";
    return output_.interpret(arguments_);
  }

  CLI::App app_;
  DecomposeArguments arguments_;
  OutputOptions output_;
  bool help_ = false;
};

}  // namespace

Invocation parse_decompose(std::span<const std::string> arguments, bool verbose) {
  return DecomposeParser().parse(arguments, verbose);
}

}  // namespace prov::cli
