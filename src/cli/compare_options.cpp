#include "cli/command_options.hpp"
#include "cli/command_parser.hpp"
#include "cli/depth_option.hpp"
#include "cli/feature_options.hpp"

namespace prov::cli {

Invocation parse_compare(std::span<const std::string> typed, bool verbose) {
  CompareArguments arguments;
  DepthOptions depth;
  std::vector<std::string> fail_on;
  CommandParser parser(
      {.program = "provenancekit compare",
       .about = "Compare two models: does one descend from the other?",
       .exit_codes =
           "  0  done, whatever the verdict      3  inconclusive, with --fail-on inconclusive\n"
           "  1  another --fail-on condition     4  usage error\n"
           "  2  failure                         130, 143  stopped by SIGINT, SIGTERM\n"},
      arguments, OutputKind::reports_and_time);
  parser.add_operand("model_a", arguments.model_a, std::string("First model:\n") + kModelHelp);
  parser.add_operand("model_b", arguments.model_b, "Second model");
  depth.add_to(parser,
               "fast: reads at most 5 % of the bytes, without the kit's\n"
               "weight signals; standard: every weight once, costly tests\n"
               "where the cheap ones are silent; deep: all tests on all\n"
               "layers (default: standard; fast where a model is not on\n"
               "this machine)");
  parser.add_values("--fail-on", "LIST", fail_on,
                    "Exit with status 1 if one of these holds: identical,\n"
                    "derived, same-lineage, related (one of the three),\n"
                    "shared-initialisation, independent, conflict;\n"
                    "with status 3 for inconclusive");
  add_feature_options(parser, arguments.cache, arguments.trust_remote_code);
  const auto interpret = [&]() -> std::optional<std::string> {
    std::optional<Depth> given;
    if (auto problem = depth.interpret(given)) return problem;
    arguments.depth_given = given.has_value();
    arguments.depth = given.value_or(Depth::standard);
    Result<std::vector<const FailCondition*>> conditions = parse_fail_conditions(fail_on);
    if (!conditions) return conditions.error().message;
    arguments.fail_on = *std::move(conditions);
    return std::nullopt;
  };
  if (auto stopped = parser.parse(typed, verbose, interpret)) return *std::move(stopped);
  return arguments;
}

}  // namespace prov::cli
