#include "cli/decompose_command.hpp"

#include <fmt/format.h>

#include "cli/command_output.hpp"
#include "cli/event_log.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"

namespace prov::cli {

ExitCode run_decompose(const DecomposeArguments& arguments, const Environment& environment,
                       DecomposeFunction decompose_model) {
  if (const Result<Settings> settings = read_settings(environment); !settings) {
    write_standard_error(
        fmt::format("provenancekit decompose: error: {}\n", settings.error().to_string()));
    return ExitCode::usage;
  }
  if (const Result<void> folders = check_folders(arguments); !folders) return fail(folders.error());

  Result<Decomposition> decomposition = Error{};
  EventLog log(write_standard_error);
  {
    const Interrupt interrupt;
    const std::unique_ptr<Progress> progress_line = progress_for(arguments, environment);
    decomposition = decompose_model(arguments.child, arguments.candidates,
                                    {.base = arguments.base,
                                     .progress = arguments.verbose ? &log : progress_line.get(),
                                     .stop = interrupt.token()});
    if (interrupt.signal() != 0) return interrupted(interrupt.signal());
  }
  if (!decomposition) return fail(decomposition.error());
  if (arguments.verbose) log.decomposition(*decomposition);
  const auto render_report = [&](const std::string& format, const ReportStyle& style) {
    return render(*decomposition, format, style);
  };
  const Result<void> written = write_reports(render_report, arguments, environment);
  return written ? ExitCode::done : fail(written.error());
}

}  // namespace prov::cli
