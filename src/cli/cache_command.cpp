#include "cli/cache_command.hpp"

#include <fmt/format.h>

#include "base/try.hpp"
#include "cli/command_output.hpp"
#include "cli/database_location.hpp"
#include "cli/output.hpp"
#include "report/database_document.hpp"
#include "report/renderers.hpp"

namespace prov::cli {
namespace {

namespace fs = std::filesystem;

// A cache that does not exist is an empty one; looking at it does not make it.
Result<report::Document> act(const CacheArguments& arguments, const fs::path& folder) {
  const std::string path = (folder / store::kCacheFile).string();
  std::error_code error;
  if (!fs::exists(path, error)) {
    const bool removes = arguments.action != "info";
    return report::cache_document(arguments.action, path, {},
                                  removes ? std::optional<std::uint64_t>(0) : std::nullopt);
  }
  PROV_TRY(store::Cache cache, store::Cache::open(folder));
  std::optional<std::uint64_t> removed;
  if (arguments.action == "clear") {
    PROV_TRY(removed, cache.clear());
  } else if (arguments.action == "prune") {
    PROV_TRY(removed, cache.prune(arguments.limit));
  }
  PROV_TRY(const store::CacheInfo info, cache.info());
  return report::cache_document(arguments.action, path, info, removed);
}

}  // namespace

ExitCode run_cache(const CacheArguments& arguments, const Environment& environment) {
  const Result<fs::path> folder = locate_cache(arguments.folder, environment);
  if (!folder) {
    write_standard_error(
        fmt::format("provenancekit cache: error: {}\n", folder.error().to_string()));
    return ExitCode::usage;
  }
  if (const Result<void> folders = check_folders(arguments); !folders) return fail(folders.error());
  const Result<report::Document> document = act(arguments, *folder);
  if (!document) return fail(document.error());
  const auto render_report = [&](const std::string& format, const ReportStyle& style) {
    return report::render(*document, format, style);
  };
  const Result<void> written = write_reports(render_report, arguments, environment);
  return written ? ExitCode::done : fail(written.error());
}

}  // namespace prov::cli
