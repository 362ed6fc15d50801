#include "cli/scan_command.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "base/try.hpp"
#include "cli/command_output.hpp"
#include "cli/database_location.hpp"
#include "cli/event_log.hpp"
#include "cli/feature_cache.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "fingerprint/fingerprint_file.hpp"
#include "provenancekit/network.hpp"
#include "store/kit_catalog.hpp"

namespace prov::cli {
namespace {

/// The options of the command line; the environment where they are silent.
Result<ScanOptions> scan_options(const ScanArguments& arguments, const Settings& settings) {
  if (!arguments.top_k && settings.scan_top_k < 1) {
    return Error{.message = fmt::format("PROVENANCEKIT_SCAN_TOP_K is {}, but must be at least 1",
                                        settings.scan_top_k)};
  }
  if (!arguments.threshold && !(settings.scan_threshold >= 0 && settings.scan_threshold <= 1)) {
    return Error{.message =
                     fmt::format("PROVENANCEKIT_SCAN_THRESHOLD is {}, but must be from 0 to 1",
                                 settings.scan_threshold)};
  }
  return ScanOptions{
      .top_k = arguments.top_k.value_or(static_cast<std::size_t>(settings.scan_top_k)),
      .threshold = arguments.threshold.value_or(settings.scan_threshold),
      .publisher = arguments.publisher,
      .family = arguments.family,
      .relations = arguments.relations,
      .depth = arguments.depth,
      .anchor_k = settings.anchor_k,
      .wvc_subsample = settings.wvc_subsample};
}

void warn_of_damage(const ScannedDatabase& database) {
  for (const Error& damaged : database.damaged) {
    write_standard_error(
        fmt::format("provenancekit: warning: left out: {}\n", damaged.to_string()));
  }
}

ExitCode refuse(const Error& error) {
  write_standard_error(fmt::format("provenancekit scan: error: {}\n", error.to_string()));
  return ExitCode::usage;
}

}  // namespace

Result<std::string> locate_scanned(const DatabaseChoice& choice, const Environment& environment) {
  PROV_TRY(const DatabaseLocation location, locate_database(choice, environment));
  std::error_code error;
  const bool is_root =
      location.chosen_by.ends_with("db-root") || location.chosen_by.ends_with("_DB_ROOT");
  if (!is_root || std::filesystem::exists(location.path, error)) return location.path.string();
  const std::filesystem::path root = location.path.parent_path();
  if (store::is_kit_folder(root)) return root.string();
  return Error{
      .code = ErrorCode::not_found,
      .message = "Catalog manifest not found: " + (root / "catalog/manifest.json").string(),
      .hint = fmt::format("there is no {} either; {} names a folder of a database",
                          location.path.string(), location.chosen_by)};
}

ExitCode run_scan(const ScanArguments& arguments, const Environment& environment,
                  ScanFunction scan_model) {
  const Result<Settings> settings = read_settings(environment);
  if (!settings) return refuse(settings.error());
  Result<ScanOptions> options = scan_options(arguments, *settings);
  if (!options) return refuse(options.error());
  if (const Result<void> folders = check_folders(arguments); !folders) return fail(folders.error());
  const Result<std::string> database = locate_scanned(arguments.database, environment);
  if (!database) {
    return database.error().code == ErrorCode::invalid_argument ? refuse(database.error())
                                                                : fail(database.error());
  }
  if ((arguments.trust_remote_code || settings->trust_remote_code) && !arguments.quiet)
    write_standard_error(kRemoteCodeNote);

  if (is_remote_model(arguments.model)) {
    if (!arguments.depth_given) options->depth = Depth::fast;
    options->sampled = options->depth == Depth::fast;
  }
  // A fingerprint is what would be kept.
  const std::unique_ptr<FeatureCache> cache =
      fingerprint::is_fingerprint_file(arguments.model)
          ? nullptr
          : cache_for(arguments.cache, environment, arguments.quiet);
  options->cache = cache.get();
  Result<Scan> result = Error{};
  EventLog log(write_standard_error);
  {
    const Interrupt interrupt;
    const std::unique_ptr<Progress> progress_line = progress_for(arguments, environment);
    options->progress = arguments.verbose ? &log : progress_line.get();
    options->stop = interrupt.token();
    result = scan_model(arguments.model, *database, *options);
    if (interrupt.signal() != 0) return interrupted(interrupt.signal());
  }
  if (!result) return fail(result.error());
  if (arguments.verbose) log.scan(*result);
  if (!arguments.quiet) warn_of_damage(result->database);
  const auto render_report = [&](const std::string& format, const ReportStyle& style) {
    return render(*result, format, style);
  };
  const Result<void> written = write_reports(render_report, arguments, environment);
  return written ? ExitCode::done : fail(written.error());
}

}  // namespace prov::cli
