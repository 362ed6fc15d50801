#include "cli/output_options.hpp"

#include <CLI/CLI.hpp>
#include <array>

#include "cli/invalid_choice.hpp"

namespace prov::cli {

void OutputOptions::add_to(CLI::App& app, OutputKind kind) {
  const std::string group = "output";
  app.add_flag("--json", json_, "Write JSON")->group(group);
  app.add_flag("--plain", plain_, "Write \"key: value\" lines")->group(group);
  if (kind != OutputKind::summary) {
    app.add_option("-o,--output", reports_,
                   "Write a report in FORMAT (table, plain, json) to FILE\n"
                   "or to standard output; may be repeated")
        ->option_text("FORMAT[=FILE]")
        ->allow_extra_args(false)
        ->group(group);
  }
  if (kind == OutputKind::reports_and_time)
    app.add_flag("--timing", timing_, "Show where the time went (JSON always does)")->group(group);
  if (kind != OutputKind::summary) {
    app.add_option("--color", colour_,
                   "auto, always or never; auto: if standard output\nis a terminal and NO_COLOR "
                   "is not set")
        ->option_text("WHEN")
        ->take_last()
        ->group(group);
  }
  app.add_flag("--no-progress", no_progress_, "Show no progress (never shown off a terminal)")
      ->group(group);
  app.add_flag("-q,--quiet", quiet_, "Write nothing but errors to standard error")->group(group);
  app.add_flag("-v,--verbose", verbose_, "Log what is read to standard error")->group(group);
  add_network(app);
}

void OutputOptions::add_network(CLI::App& app) {
  const std::string group = "network";
  app.add_flag("--offline", offline_, "Ask no network; the Hub's cache on this machine\nis used")
      ->group(group);
  app.add_flag("--bandwidth", bandwidth_, "Tell on standard error how much was fetched")
      ->group(group);
}

std::optional<std::string> OutputOptions::interpret(OutputArguments& arguments) const {
  if (json_ && plain_) return "argument --plain: not allowed with argument --json";
  const std::optional<ColourChoice> colour = find_colour_choice(colour_);
  if (!colour) return invalid_choice("--color", colour_, std::array{"auto", "always", "never"});
  arguments.colour = *colour;
  Result<std::vector<ReportRequest>> reports = parse_report_requests(json_, plain_, reports_);
  if (!reports) return reports.error().message;
  arguments.reports = *std::move(reports);
  arguments.timing = timing_;
  arguments.progress = !no_progress_;
  arguments.quiet = quiet_;
  arguments.offline = offline_;
  arguments.bandwidth = bandwidth_;
  arguments.verbose = verbose_;
  return std::nullopt;
}

}  // namespace prov::cli
