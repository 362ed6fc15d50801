#include "cli/verify_quant_command.hpp"

#include "cli/command_output.hpp"
#include "cli/event_log.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "provenancekit/verify_quant.hpp"

namespace prov::cli {

ExitCode run_verify_quant(const VerifyQuantArguments& arguments, const Environment& environment) {
  if (const Result<void> folders = check_folders(arguments); !folders) return fail(folders.error());
  Result<QuantVerification> verification = Error{};
  EventLog log(write_standard_error);
  {
    const Interrupt interrupt;
    const std::unique_ptr<Progress> progress_line = progress_for(arguments, environment);
    verification = verify_quant(
        arguments.quantised, arguments.source,
        {.progress = arguments.verbose ? &log : progress_line.get(), .stop = interrupt.token()});
    if (interrupt.signal() != 0) return interrupted(interrupt.signal());
  }
  if (!verification) return fail(verification.error());
  const auto render_report = [&](const std::string& format, const ReportStyle& style) {
    return render(*verification, format, style);
  };
  const Result<void> written = write_reports(render_report, arguments, environment);
  return written ? ExitCode::done : fail(written.error());
}

}  // namespace prov::cli
