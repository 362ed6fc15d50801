#include "cli/inspect_command.hpp"

#include "cli/command_output.hpp"
#include "provenancekit/inspect.hpp"

namespace prov::cli {

ExitCode run_inspect(const InspectArguments& arguments, const Environment& environment) {
  if (const Result<void> folders = check_folders(arguments); !folders) return fail(folders.error());
  const Result<Inspection> inspection = inspect(arguments.reference);
  if (!inspection) return fail(inspection.error());
  const auto render_report = [&](const std::string& format, const ReportStyle& style) {
    return render(*inspection, format, style);
  };
  const Result<void> written = write_reports(render_report, arguments, environment);
  return written ? ExitCode::done : fail(written.error());
}

}  // namespace prov::cli
