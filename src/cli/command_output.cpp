#include "cli/command_output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "base/try.hpp"
#include "cli/output.hpp"
#include "cli/progress_line.hpp"
#include "cli/terminal.hpp"

namespace prov::cli {
ReportStyle style_for(const ReportRequest& request, const OutputArguments& arguments,
                      const Environment& environment) {
  const bool is_terminal = !request.file && isatty(STDOUT_FILENO) == 1;
  // What is forced by the environment is meant for the screen, not for files.
  const bool colour = request.file ? arguments.colour == ColourChoice::always
                                   : wants_colour(arguments.colour, is_terminal, environment);
  return {.width = terminal_columns(is_terminal ? STDOUT_FILENO : -1, environment),
          .colour = colour,
          .timing = arguments.timing};
}

ExitCode fail(const Error& error) {
  write_standard_error(fmt::format("provenancekit: error: {}\n", error.to_string()));
  return ExitCode::failure;
}

ExitCode interrupted(int signal) {
  write_standard_error("provenancekit: interrupted\n");
  return signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

std::unique_ptr<Progress> progress_for(const OutputArguments& arguments,
                                       const Environment& environment) {
  if (arguments.verbose || arguments.quiet || !arguments.progress) return nullptr;
  if (!can_redraw(isatty(STDERR_FILENO) == 1, environment)) return nullptr;
  return std::make_unique<ProgressLine>(write_standard_error,
                                        terminal_columns(STDERR_FILENO, environment));
}

Result<void> write_reports(const RenderReport& render_report, const OutputArguments& arguments,
                           const Environment& environment) {
  std::string to_standard_output;
  for (const ReportRequest& request : arguments.reports) {
    PROV_TRY(std::string text,
             render_report(request.format, style_for(request, arguments, environment)));
    if (request.file) {
      PROV_CHECK(write_file(*request.file, text));
    } else {
      to_standard_output = std::move(text);
    }
  }
  return write_standard_output(to_standard_output);
}

Result<void> check_folders(const OutputArguments& arguments) {
  for (const ReportRequest& request : arguments.reports) {
    if (request.file) PROV_CHECK(check_folder(*request.file));
  }
  return {};
}

}  // namespace prov::cli
