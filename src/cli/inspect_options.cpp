#include "cli/command_options.hpp"
#include "cli/command_parser.hpp"

namespace prov::cli {

Invocation parse_inspect(std::span<const std::string> typed, bool verbose) {
  InspectArguments arguments;
  CommandParser parser({.program = "provenancekit inspect",
                        .about = "What is a model, or a fingerprint, made of?",
                        .exit_codes = "  0  done      2  failure      4  usage error\n"},
                       arguments);
  parser.add_operand(
      "model", arguments.reference,
      std::string("A fingerprint, a file that ends in .fp; or a model:\n") + kModelHelp);
  if (auto stopped = parser.parse(typed, verbose)) return *std::move(stopped);
  return arguments;
}

}  // namespace prov::cli
