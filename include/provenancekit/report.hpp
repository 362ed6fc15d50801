#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/compare.hpp"
#include "provenancekit/decompose.hpp"
#include "provenancekit/fingerprint.hpp"
#include "provenancekit/inspect.hpp"
#include "provenancekit/result.hpp"
#include "provenancekit/scan.hpp"
#include "provenancekit/verify_quant.hpp"

namespace prov {

/// How a report is laid out. Renderers that have no use for a member ignore it.
struct ReportStyle {
  unsigned width = 100;  // columns of the terminal, >= 40
  bool colour = false;   // ANSI escapes
  bool timing = false;   // show the timing breakdown (--timing)
};

/// Names accepted by render(), in help order: "table", "plain", "json".
std::vector<std::string_view> report_formats();

/// A comparison as text in one format, with a final line feed. Error invalid_argument for an
/// unknown format.
Result<std::string> render(const Comparison& comparison, std::string_view format,
                           const ReportStyle& style = {});
/// The same for a decomposition.
Result<std::string> render(const Decomposition& decomposition, std::string_view format,
                           const ReportStyle& style = {});
/// The same for a scan.
Result<std::string> render(const Scan& scan, std::string_view format,
                           const ReportStyle& style = {});
Result<std::string> render(const FingerprintRun& run, std::string_view format,
                           const ReportStyle& style = {});
Result<std::string> render(const Inspection& inspection, std::string_view format,
                           const ReportStyle& style = {});
Result<std::string> render(const QuantVerification& verification, std::string_view format,
                           const ReportStyle& style = {});

}  // namespace prov
