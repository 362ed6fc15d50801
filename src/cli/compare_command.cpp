#include "cli/compare_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <memory>

#include "base/try.hpp"
#include "cli/event_log.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/progress_line.hpp"
#include "cli/terminal.hpp"
#include "provenancekit/report.hpp"

namespace prov::cli {
namespace {

ExitCode fail(const Error& error) {
  write_standard_error(fmt::format("provenancekit: error: {}\n", error.to_string()));
  return ExitCode::failure;
}

ExitCode interrupted(int signal) {
  write_standard_error("provenancekit: interrupted\n");
  return signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

std::unique_ptr<Progress> progress_for(const CompareArguments& arguments,
                                       const Environment& environment) {
  if (arguments.verbose || arguments.quiet || !arguments.progress) return nullptr;
  if (!can_redraw(isatty(STDERR_FILENO) == 1, environment)) return nullptr;
  return std::make_unique<ProgressLine>(write_standard_error,
                                        terminal_columns(STDERR_FILENO, environment));
}

ReportStyle style_for(const ReportRequest& request, const CompareArguments& arguments,
                      const Environment& environment) {
  const bool is_terminal = !request.file && isatty(STDOUT_FILENO) == 1;
  // What is forced by the environment is meant for the screen, not for files.
  const bool colour = request.file ? arguments.colour == ColourChoice::always
                                   : wants_colour(arguments.colour, is_terminal, environment);
  return {.width = terminal_columns(is_terminal ? STDOUT_FILENO : -1, environment),
          .colour = colour,
          .timing = arguments.timing};
}

// Files first: where one cannot be written, standard output stays empty.
Result<void> write_reports(const Comparison& comparison, const CompareArguments& arguments,
                           const Environment& environment) {
  std::string to_standard_output;
  for (const ReportRequest& request : arguments.reports) {
    PROV_TRY(std::string text,
             render(comparison, request.format, style_for(request, arguments, environment)));
    if (request.file) {
      PROV_CHECK(write_file(*request.file, text));
    } else {
      to_standard_output = std::move(text);
    }
  }
  return write_standard_output(to_standard_output);
}

Result<void> check_folders(const CompareArguments& arguments) {
  for (const ReportRequest& request : arguments.reports) {
    if (request.file) PROV_CHECK(check_folder(*request.file));
  }
  return {};
}

}  // namespace

ExitCode run_compare(const CompareArguments& arguments, const Environment& environment,
                     CompareFunction compare_models) {
  const Result<Settings> settings = read_settings(environment);
  if (!settings) {
    write_standard_error(
        fmt::format("provenancekit compare: error: {}\n", settings.error().to_string()));
    return ExitCode::usage;
  }
  if (const Result<void> folders = check_folders(arguments); !folders) return fail(folders.error());
  if ((arguments.trust_remote_code || settings->trust_remote_code) && !arguments.quiet) {
    write_standard_error(
        "provenancekit: note: code of a model is never run; --trust-remote-code changes nothing\n");
  }

  Result<Comparison> comparison = Error{};
  EventLog log(write_standard_error);
  {
    const Interrupt interrupt;
    const std::unique_ptr<Progress> progress_line = progress_for(arguments, environment);
    comparison = compare_models(arguments.model_a, arguments.model_b,
                                {.anchor_k = settings->anchor_k,
                                 .wvc_subsample = settings->wvc_subsample,
                                 .progress = arguments.verbose ? &log : progress_line.get(),
                                 .stop = interrupt.token()});
    if (interrupt.signal() != 0) return interrupted(interrupt.signal());
  }
  if (!comparison) return fail(comparison.error());
  if (arguments.verbose) log.comparison(*comparison);
  if (const Result<void> written = write_reports(*comparison, arguments, environment); !written) {
    return fail(written.error());
  }

  const FailCondition* fired = fired_condition(arguments.fail_on, comparison->lineage);
  if (fired == nullptr) return ExitCode::done;
  if (!arguments.quiet)
    write_standard_error(fmt::format("provenancekit: --fail-on {} holds\n", fired->name));
  return fired->exit_code;
}

}  // namespace prov::cli
