#include "cli/command_options.hpp"
#include "cli/command_parser.hpp"

namespace prov::cli {

Invocation parse_decompose(std::span<const std::string> typed, bool verbose) {
  DecomposeArguments arguments;
  std::optional<std::string> base;
  CommandParser parser(
      {.program = "provenancekit decompose",
       .about = "Which models was a merged model made of, how, with what weights?",
       .exit_codes = "  0  done, whatever was found        4  usage error\n"
                     "  2  failure                         130, 143  stopped by SIGINT, SIGTERM\n"},
      arguments);
  parser.add_operand("child", arguments.child,
                     std::string("The model in question:\n") + kModelHelp);
  parser.add_operands("parent", arguments.candidates,
                      "Models that it may be made of; those that are not\n"
                      "needed are said to be so");
  parser.add_value("--base", "MODEL", base,
                   "The common ancestor of the parents; without it, each\n"
                   "parent is tried as one");
  const auto interpret = [&]() -> std::optional<std::string> {
    if (base && base->empty()) return "argument --base: the name of the model is empty";
    arguments.base = base.value_or("");
    return std::nullopt;
  };
  if (auto stopped = parser.parse(typed, verbose, interpret)) return *std::move(stopped);
  return arguments;
}

}  // namespace prov::cli
