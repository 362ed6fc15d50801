#pragma once

#include <string>

#include "cli/environment.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "provenancekit/scan.hpp"

namespace prov::cli {

using ScanFunction = Result<Scan> (*)(std::string_view reference, const std::string& database,
                                      const ScanOptions& options);

/// Which database a scan looks into: as locate_database (database_location.hpp), but a root without
/// models.db may be a folder of the published kit. Error not_found where a root holds neither.
Result<std::string> locate_scanned(const DatabaseChoice& choice, const Environment& environment);

/// `provenancekit scan`: reads, searches and reports. Standard output stays empty unless all went
/// well.
ExitCode run_scan(const ScanArguments& arguments, const Environment& environment,
                  ScanFunction scan_model = scan);

}  // namespace prov::cli
