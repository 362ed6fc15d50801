#include "cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "cli/invalid_choice.hpp"
#include "cli/option_names.hpp"
#include "provenancekit/version.hpp"

namespace prov::cli {
namespace {

constexpr std::string_view kProgram = "provenancekit";
constexpr std::string_view kCompareProgram = "provenancekit compare";

constexpr std::string_view kRootUsage = "usage: provenancekit [-h] [-v] [-V] {compare} ...\n";
constexpr std::string_view kCompareUsage =
    "usage: provenancekit compare [-h] [--json | --plain] [-o FORMAT[=FILE]]...\n"
    "                             [--fail-on LIST] [--timing] [--color WHEN]\n"
    "                             [--no-progress] [-q] [-v] [--cache-dir DIR]\n"
    "                             [--no-cache] [--trust-remote-code]\n"
    "                             model_a model_b\n";

// Commands of the published kit that this version does not have.
constexpr std::array<std::string_view, 2> kLaterCommands = {"scan",
                                                            "download-deepsignals-fingerprint"};
// Options of the kit: their abbreviations keep their meaning.
constexpr std::array<std::string_view, 8> kKitOptions = {
    "--help",      "--verbose",  "--json",   "--plain",
    "--cache-dir", "--no-cache", "--timing", "--trust-remote-code"};

/// Help in the layout of the kit: a usage text of our own, names as "-q, --quiet".
class HelpLayout : public CLI::Formatter {
 public:
  explicit HelpLayout(std::string_view usage) : usage_(usage) {
    column_width(26);
    label("Positionals", "models");
  }
  std::string make_usage(const CLI::App*, std::string) const override { return '\n' + usage_; }
  // One blank line between the parts, none at the end.
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    std::string text = CLI::Formatter::make_help(app, std::move(name), mode);
    for (std::size_t at = 0; (at = text.find("\n\n\n", at)) != std::string::npos;)
      text.erase(at, 1);
    text.erase(text.find_last_not_of('\n') + 1);
    return text + '\n';
  }
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    std::string name = CLI::Formatter::make_option_name(option, is_positional);
    if (const std::size_t comma = name.find(','); comma != std::string::npos)
      name.insert(comma + 1, " ");
    return name;
  }

 private:
  std::string usage_;
};

std::vector<OptionName> option_names(const CLI::App& app) {
  std::vector<OptionName> names;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty()) continue;
    OptionName name;
    name.long_name = "--" + option->get_lnames().front();
    if (!option->get_snames().empty()) name.short_name = '-' + option->get_snames().front();
    name.takes_value = option->get_expected_max() != 0;
    name.of_kit =
        std::find(kKitOptions.begin(), kKitOptions.end(), name.long_name) != kKitOptions.end();
    names.push_back(std::move(name));
  }
  return names;
}

// Parses `arguments` into the variables bound to `app`. The text is what argparse would say, where
// it says something.
std::optional<std::string> parse(CLI::App& app, std::span<const std::string> arguments) {
  Result<std::vector<std::string>> written_out =
      write_out_option_names(arguments, option_names(app));
  if (!written_out) return written_out.error().message;
  std::reverse(written_out->begin(), written_out->end());  // CLI11 takes them from the back
  app.allow_extras();
  try {
    app.parse(std::move(*written_out));
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  std::vector<std::string> rest = app.remaining();
  if (const auto marker = std::find(rest.begin(), rest.end(), "--"); marker != rest.end())
    rest.erase(marker);
  if (!rest.empty()) {
    return fmt::format("unrecognized arguments: {}", fmt::join(rest, " "));
  }
  return std::nullopt;
}

/// `compare`: its options, bound to the members, and what they mean together.
class CompareParser {
 public:
  CompareParser() : app_("Compare two models: does one descend from the other?") {
    app_.set_help_flag();
    app_.formatter(std::make_shared<HelpLayout>(kCompareUsage));
    app_.add_option("model_a", arguments_.model_a,
                    "First model: a directory, a weight file, or a Hub cache snapshot")
        ->type_name("");
    app_.add_option("model_b", arguments_.model_b, "Second model")->type_name("");
    add_output_options();
    add_other_options();
    app_.footer(
        "exit status:\n"
        "  0  done, whatever the verdict      3  inconclusive, with --fail-on inconclusive\n"
        "  1  another --fail-on condition     4  usage error\n"
        "  2  failure                         130, 143  stopped by SIGINT, SIGTERM\n");
  }

  Invocation parse(std::span<const std::string> arguments, bool verbose) {
    std::optional<std::string> problem = cli::parse(app_, arguments);
    if (help_) return PrintText{app_.help()};
    if (!problem) problem = interpret();
    if (problem)
      return UsageError{std::string(kCompareUsage), std::string(kCompareProgram), *problem};
    arguments_.verbose = arguments_.verbose || verbose;
    return std::move(arguments_);
  }

 private:
  void add_output_options() {
    const std::string group = "output";
    app_.add_flag("--json", json_, "Write JSON")->group(group);
    app_.add_flag("--plain", plain_, "Write \"key: value\" lines")->group(group);
    app_.add_option("-o,--output", reports_,
                    "Write a report in FORMAT (table, plain, json) to FILE\n"
                    "or to standard output; may be repeated")
        ->option_text("FORMAT[=FILE]")
        ->allow_extra_args(false)
        ->group(group);
    app_.add_flag("--timing", arguments_.timing, "Show where the time went (JSON always does)")
        ->group(group);
    app_.add_option("--color", colour_,
                    "auto, always or never; auto: if standard output\nis a terminal and NO_COLOR "
                    "is not set")
        ->option_text("WHEN")
        ->take_last()
        ->group(group);
    app_.add_flag("--no-progress", no_progress_, "Show no progress (never shown off a terminal)")
        ->group(group);
    app_.add_flag("-q,--quiet", arguments_.quiet, "Write nothing but errors to standard error")
        ->group(group);
    app_.add_flag("-v,--verbose", arguments_.verbose, "Log what is read to standard error")
        ->group(group);
  }

  void add_other_options() {
    const std::string group = "options";
    app_.add_flag("-h,--help", help_, "Show this help and exit")->group(group);
    app_.add_option("--fail-on", fail_on_,
                    "Exit with status 1 if one of these holds: identical,\n"
                    "derived, same-lineage, related (one of the three),\n"
                    "shared-initialisation, independent, conflict;\n"
                    "with status 3 for inconclusive")
        ->option_text("LIST")
        ->allow_extra_args(false)
        ->group(group);
    app_.add_option("--cache-dir", cache_dir_, "Accepted; this version keeps no cache")
        ->option_text("DIR")
        ->take_last()
        ->group(group);
    app_.add_flag("--no-cache", no_cache_, "Accepted; this version keeps no cache")->group(group);
    app_.add_flag("--trust-remote-code", arguments_.trust_remote_code,
                  "Accepted; code of a model is never run")
        ->group(group);
  }

  // The problem, if there is one.
  std::optional<std::string> interpret() {
    if (json_ && plain_) return "argument --plain: not allowed with argument --json";
    if (app_.count("model_a") == 0) return "the following arguments are required: model_a, model_b";
    if (app_.count("model_b") == 0) return "the following arguments are required: model_b";
    arguments_.progress = !no_progress_;
    const std::optional<ColourChoice> colour = find_colour_choice(colour_);
    if (!colour) return invalid_choice("--color", colour_, std::array{"auto", "always", "never"});
    arguments_.colour = *colour;
    Result<std::vector<const FailCondition*>> conditions = parse_fail_conditions(fail_on_);
    if (!conditions) return conditions.error().message;
    arguments_.fail_on = *std::move(conditions);
    Result<std::vector<ReportRequest>> reports = parse_report_requests(json_, plain_, reports_);
    if (!reports) return reports.error().message;
    arguments_.reports = *std::move(reports);
    return std::nullopt;
  }

  CLI::App app_;
  CompareArguments arguments_;
  std::vector<std::string> reports_, fail_on_;
  std::string colour_ = "auto", cache_dir_;
  bool json_ = false, plain_ = false, help_ = false, no_cache_ = false, no_progress_ = false;
};

UsageError root_error(std::string message) {
  return {std::string(kRootUsage), std::string(kProgram), std::move(message)};
}

}  // namespace

Invocation parse_arguments(std::span<const std::string> arguments) {
  const auto command = std::find_if(arguments.begin(), arguments.end(),
                                    [](const std::string& a) { return !a.starts_with('-'); });
  const auto split = static_cast<std::size_t>(command - arguments.begin());

  CLI::App app("Tells whether one AI model descends from another, and shows the evidence.");
  bool help = false, verbose = false, version = false;
  app.set_help_flag();
  app.formatter(std::make_shared<HelpLayout>(kRootUsage));
  app.add_flag("-h,--help", help, "Show this help and exit")->group("options");
  app.add_flag("-v,--verbose", verbose, "Log what is read to standard error")->group("options");
  app.add_flag("-V,--version", version, "Show the version and exit")->group("options");
  app.add_subcommand("compare", "Compare two models (provenancekit compare --help)")
      ->group("commands");

  const std::optional<std::string> problem = parse(app, arguments.first(split));
  if (problem) return root_error(*problem);
  if (version) return PrintText{fmt::format("provenancekit {}\n", kVersion)};
  if (help || command == arguments.end()) return PrintText{app.help()};
  if (*command == "compare") return CompareParser().parse(arguments.subspan(split + 1), verbose);
  if (std::find(kLaterCommands.begin(), kLaterCommands.end(), *command) != kLaterCommands.end()) {
    return root_error(fmt::format("{} is not part of this version", *command));
  }
  return root_error(
      fmt::format("argument command: invalid choice: '{}' (choose from compare)", *command));
}

}  // namespace prov::cli
