#include "cli/command_options.hpp"
#include "cli/command_parser.hpp"
#include "cli/depth_option.hpp"
#include "cli/whole_number.hpp"
#include "fingerprint/fingerprint_file.hpp"

namespace prov::cli {
namespace {

constexpr std::size_t kMostShards = 1'000'000;
constexpr std::size_t kMostJobs = 256;

std::optional<Shard> shard_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto index = whole_number(text.substr(0, slash), kMostShards);
  const auto count = whole_number(text.substr(slash + 1), kMostShards);
  if (!index || !count || *index > *count) return std::nullopt;
  return Shard{*index, *count};
}

}  // namespace

Invocation parse_fingerprint(std::span<const std::string> typed, bool verbose) {
  FingerprintArguments arguments;
  std::optional<std::string> shard, jobs;
  DepthOptions depth;
  CommandParser parser(
      {.program = "provenancekit fingerprint",
       .about = "Keep what finds and compares models without their weights.",
       .exit_codes =
           "  0  every model has its fingerprint        4  usage error\n"
           "  2  failure, or a model failed             130, 143  stopped by SIGINT, SIGTERM\n"},
      arguments, OutputKind::summary);
  parser.add_operands(
      "model", arguments.models,
      std::string("A model; one that fails does not stop the others:\n") + kModelHelp);
  parser.add_value("-o,--output", "DIR|FILE", arguments.output,
                   "A folder for the fingerprints and their manifest, made\n"
                   "if it is not there; for one model also a file: its name\n"
                   "ends in .fp",
                   Need::required);
  parser.add_value("--shard", "I/N", shard,
                   "Take the I-th of N parts of the list of models; each\n"
                   "part may be run elsewhere, into one folder");
  depth.add_to(parser,
               "fast: read samples alone, some 3 % of a large model;\n"
               "standard, deep: every weight (default: standard; fast\n"
               "where a model is not on this machine)");
  parser.add_value("--jobs", "N", jobs, "Models that are read at a time");
  const auto interpret = [&]() -> std::optional<std::string> {
    if (arguments.output.empty()) return "argument -o/--output: the name is empty";
    if (fingerprint::is_fingerprint_file(arguments.output) && arguments.models.size() > 1)
      return "argument -o/--output: a file takes one model; name a folder";
    if (shard) {
      if (fingerprint::is_fingerprint_file(arguments.output))
        return "argument --shard: not with a file; name a folder";
      const std::optional<Shard> part = shard_of(*shard);
      if (!part) return "argument --shard: must be I/N with 1 <= I <= N";
      arguments.shard = *part;
    }
    if (auto problem = depth.interpret(arguments.depth)) return problem;
    if (jobs) return read_whole_number("--jobs", *jobs, kMostJobs, arguments.jobs);
    return std::nullopt;
  };
  if (auto stopped = parser.parse(typed, verbose, interpret)) return *std::move(stopped);
  return arguments;
}

}  // namespace prov::cli
