#pragma once

#include <optional>
#include <string>
#include <vector>

#include "provenancekit/result.hpp"

namespace prov::cli {

/// One -o FORMAT[=FILE].
struct ReportRequest {
  std::string format;               // one of report_formats()
  std::optional<std::string> file;  // absent: standard output
};

/// What --json, --plain and the values of -o ask for together; a table where they ask for nothing.
/// Error invalid_argument: an unknown format, an empty file name, two reports for standard output.
Result<std::vector<ReportRequest>> parse_report_requests(bool json, bool plain,
                                                         const std::vector<std::string>& values);

}  // namespace prov::cli
