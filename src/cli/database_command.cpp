#include "cli/database_command.hpp"

#include <fmt/format.h>

#include "cli/command_output.hpp"
#include "cli/database_actions.hpp"
#include "cli/database_list.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "report/renderers.hpp"

namespace prov::cli {
namespace {

// The kit's database root has no database of ours in it before it was imported.
Error with_kit_hint(Error error, const DatabaseLocation& location) {
  const std::filesystem::path root = location.path.parent_path();
  std::error_code ignored;
  if (error.code == ErrorCode::not_found && error.file == location.path.string() &&
      std::filesystem::exists(root / "catalog/manifest.json", ignored))
    error.hint = fmt::format("provenancekit db import kit {} makes one", root.string());
  return error;
}

}  // namespace

ExitCode run_database(const DatabaseArguments& arguments, const Environment& environment) {
  const Result<DatabaseLocation> location = locate_database(arguments.choice, environment);
  if (!location) {
    write_standard_error(
        fmt::format("provenancekit db: error: {}\n", location.error().to_string()));
    return ExitCode::usage;
  }
  if (const Result<void> folders = check_folders(arguments); !folders) return fail(folders.error());

  Result<ActionResult> result = Error{};
  {
    const Interrupt interrupt;
    if (arguments.action == "list") {
      const ExitCode code = run_database_list(arguments, *location, environment, interrupt.token());
      return interrupt.signal() != 0 ? interrupted(interrupt.signal()) : code;
    }
    const std::unique_ptr<Progress> progress = progress_for(arguments, environment);
    result = act_on_database({arguments, *location, progress.get(), interrupt.token()});
    if (interrupt.signal() != 0) return interrupted(interrupt.signal());
  }
  if (!result) return fail(with_kit_hint(result.error(), *location));
  const auto render_report = [&](const std::string& format, const ReportStyle& style) {
    return report::render(result->document, format, style);
  };
  const Result<void> written = write_reports(render_report, arguments, environment);
  if (!written) return fail(written.error());
  return result->damaged ? ExitCode::failure : ExitCode::done;
}

}  // namespace prov::cli
