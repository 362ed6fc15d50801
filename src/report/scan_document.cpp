#include "report/scan_document.hpp"

#include <algorithm>

namespace prov::report {

Document scan_document(const Scan& scan, const ReportStyle& style) {
  return {scan_data(scan), scan_lines(scan, style.timing), scan_page(scan, style.timing)};
}

bool has_metadata_matches(const Scan& scan) {
  return std::ranges::any_of(scan.matches,
                             [](const ScanMatch& match) { return !match.scores.identity_score; });
}

}  // namespace prov::report
