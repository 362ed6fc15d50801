#include <CLI/CLI.hpp>
#include <charconv>

#include "cli/command_line.hpp"
#include "cli/command_options.hpp"
#include "cli/depth_option.hpp"
#include "cli/output_options.hpp"
#include "cli/report_request.hpp"

namespace prov::cli {
namespace {

constexpr std::string_view kFingerprintProgram = "provenancekit fingerprint";
constexpr std::string_view kFingerprintUsage =
    "usage: provenancekit fingerprint [-h] -o DIR|FILE [--shard I/N] [--jobs N]\n"
    "                                 [--depth LEVEL | --full]\n"
    "                                 [--json | --plain] [--no-progress] [-q] [-v]\n"
    "                                 model [model ...]\n";
constexpr std::size_t kMost = 1'000'000;

/// A whole number of [1, kMost], and nothing else.
std::optional<std::size_t> count_of(std::string_view text) {
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  return whole && number >= 1 && number <= kMost ? std::optional(number) : std::nullopt;
}

std::optional<Shard> shard_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto index = count_of(text.substr(0, slash)), count = count_of(text.substr(slash + 1));
  if (!index || !count || *index > *count) return std::nullopt;
  return Shard{*index, *count};
}

/// `fingerprint`: its options, bound to the members, and what they mean together.
class FingerprintParser {
 public:
  FingerprintParser() : app_("Keep what finds and compares models without their weights.") {
    lay_out_help(app_, kFingerprintUsage);
    app_.add_option("model", arguments_.models,
                    "A model: a directory, a weight file, or a Hub cache\n"
                    "snapshot; a model that fails does not stop the others")
        ->type_name("")
        ->expected(1, -1);
    const std::string output = "output", group = "options";
    app_.add_option("-o,--output", arguments_.output,
                    "A folder for the fingerprints and their manifest, made\n"
                    "if it is not there; for one model also a file: its name\n"
                    "ends in .fp")
        ->option_text("DIR|FILE")
        ->take_last()
        ->group(output);
    app_.add_flag("--json", json_, "Write JSON")->group(output);
    app_.add_flag("--plain", plain_, "Write \"key: value\" lines")->group(output);
    app_.add_flag("--no-progress", no_progress_, "Show no progress (never shown off a terminal)")
        ->group(output);
    app_.add_flag("-q,--quiet", arguments_.quiet, "Write nothing but errors to standard error")
        ->group(output);
    app_.add_flag("-v,--verbose", arguments_.verbose, "Log what is read to standard error")
        ->group(output);
    add_network_options(app_, arguments_.offline, arguments_.bandwidth);
    app_.add_flag("-h,--help", help_, "Show this help and exit")->group(group);
    app_.add_option("--shard", shard_,
                    "Take the I-th of N parts of the list of models; each\n"
                    "part may be run elsewhere, into one folder")
        ->option_text("I/N")
        ->take_last()
        ->group(group);
    app_.add_option("--depth", depth_,
                    "fast: read samples alone, some 3 % of a large model;\n"
                    "standard, deep: every weight (default: standard; fast\n"
                    "where a model is not on this machine)")
        ->option_text("LEVEL")
        ->take_last()
        ->group(group);
    app_.add_flag("--full", full_,
                  "The same as --depth standard: read every weight, also\n"
                  "of a model that is not on this machine")
        ->group(group);
    app_.add_option("--jobs", jobs_, "Models that are read at a time")
        ->option_text("N")
        ->take_last()
        ->group(group);
    app_.footer(
        "exit status:\n"
        "  0  every model has its fingerprint        4  usage error\n"
        "  2  failure, or a model failed             130, 143  stopped by SIGINT, SIGTERM\n");
  }

  Invocation parse(std::span<const std::string> arguments, bool verbose) {
    std::optional<std::string> problem = parse_into(app_, arguments);
    if (help_) return PrintText{app_.help()};
    if (!problem) problem = interpret();
    if (problem)
      return UsageError{std::string(kFingerprintUsage), std::string(kFingerprintProgram), *problem};
    arguments_.verbose = arguments_.verbose || verbose;
    return std::move(arguments_);
  }

 private:
  // The problem, if there is one.
  std::optional<std::string> interpret() {
    if (json_ && plain_) return "argument --plain: not allowed with argument --json";
    if (arguments_.models.empty()) return "the following arguments are required: model";
    if (arguments_.output.empty()) return "the following arguments are required: -o/--output";
    if (arguments_.output.ends_with(".fp") && arguments_.models.size() > 1)
      return "argument -o/--output: a file takes one model; name a folder";
    if (app_.count("--shard") > 0) {
      const auto shard = shard_of(shard_);
      if (!shard) return "argument --shard: must be I/N with 1 <= I <= N";
      arguments_.shard = *shard;
    }
    if (app_.count("--jobs") > 0) {
      const auto jobs = count_of(jobs_);
      if (!jobs) return "argument --jobs: must be a whole number of at least 1";
      arguments_.jobs = *jobs;
    }
    if (auto problem = interpret_depth()) return problem;
    Result<std::vector<ReportRequest>> reports = parse_report_requests(json_, plain_, {});
    if (!reports) return reports.error().message;
    arguments_.reports = *std::move(reports);
    arguments_.progress = !no_progress_;
    return std::nullopt;
  }

  std::optional<std::string> interpret_depth() {
    const bool given = app_.count("--depth") > 0;
    if (full_ && given) return "argument --full: not allowed with argument --depth";
    if (full_) arguments_.depth = Depth::standard;
    return given ? read_depth(depth_, arguments_.depth.emplace()) : std::nullopt;
  }

  CLI::App app_;
  FingerprintArguments arguments_;
  std::string shard_, jobs_, depth_;
  bool json_ = false, plain_ = false, no_progress_ = false, help_ = false, full_ = false;
};

}  // namespace

Invocation parse_fingerprint(std::span<const std::string> arguments, bool verbose) {
  return FingerprintParser().parse(arguments, verbose);
}

}  // namespace prov::cli
