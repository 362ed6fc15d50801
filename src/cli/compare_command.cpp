#include "cli/compare_command.hpp"

#include <fmt/format.h>

#include <memory>

#include "cli/command_output.hpp"
#include "cli/event_log.hpp"
#include "cli/feature_cache.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "provenancekit/network.hpp"

namespace prov::cli {
ExitCode run_compare(const CompareArguments& arguments, const Environment& environment,
                     CompareFunction compare_models) {
  const Result<Settings> settings = read_settings(environment);
  if (!settings) {
    write_standard_error(
        fmt::format("provenancekit compare: error: {}\n", settings.error().to_string()));
    return ExitCode::usage;
  }
  if (const Result<void> folders = check_folders(arguments); !folders) return fail(folders.error());
  if ((arguments.trust_remote_code || settings->trust_remote_code) && !arguments.quiet)
    write_standard_error(kRemoteCodeNote);

  const bool sparing = !arguments.depth_given &&
                       (is_remote_model(arguments.model_a) || is_remote_model(arguments.model_b));
  const std::unique_ptr<FeatureCache> cache =
      cache_for(arguments.cache, environment, arguments.quiet);
  Result<Comparison> comparison = Error{};
  EventLog log(write_standard_error);
  {
    const Interrupt interrupt;
    const std::unique_ptr<Progress> progress_line = progress_for(arguments, environment);
    comparison = compare_models(arguments.model_a, arguments.model_b,
                                {.depth = sparing ? Depth::fast : arguments.depth,
                                 .anchor_k = settings->anchor_k,
                                 .wvc_subsample = settings->wvc_subsample,
                                 .cache = cache.get(),
                                 .progress = arguments.verbose ? &log : progress_line.get(),
                                 .stop = interrupt.token()});
    if (interrupt.signal() != 0) return interrupted(interrupt.signal());
  }
  if (!comparison) return fail(comparison.error());
  if (arguments.verbose) log.comparison(*comparison);
  const auto render_report = [&](const std::string& format, const ReportStyle& style) {
    return render(*comparison, format, style);
  };
  if (const Result<void> written = write_reports(render_report, arguments, environment); !written) {
    return fail(written.error());
  }

  const FailCondition* fired = fired_condition(arguments.fail_on, comparison->lineage);
  if (fired == nullptr) return ExitCode::done;
  if (!arguments.quiet)
    write_standard_error(fmt::format("provenancekit: --fail-on {} holds\n", fired->name));
  return fired->exit_code;
}

}  // namespace prov::cli
