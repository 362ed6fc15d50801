#include "cli/command_options.hpp"
#include "cli/command_parser.hpp"

namespace prov::cli {

Invocation parse_verify_quant(std::span<const std::string> typed, bool verbose) {
  VerifyQuantArguments arguments;
  CommandParser parser(
      {.program = "provenancekit verify-quant",
       .about = "Is a quantised model what its scheme makes of its source?",
       .exit_codes = "  0  done, whatever was found        4  usage error\n"
                     "  2  failure                         130, 143  stopped by SIGINT, SIGTERM\n"},
      arguments);
  parser.add_operand("quantised", arguments.quantised,
                     std::string("A quantised model:\n") + kModelHelp);
  parser.add_operand("source", arguments.source, "The model that it is said to be made of");
  if (auto stopped = parser.parse(typed, verbose)) return *std::move(stopped);
  return arguments;
}

}  // namespace prov::cli
