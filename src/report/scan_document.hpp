#pragma once

#include "provenancekit/report.hpp"
#include "provenancekit/scan.hpp"
#include "report/document.hpp"

namespace prov::report {

/// Version of the JSON layout, the number in schema/scan-<version>.schema.json.
inline constexpr int kScanSchemaVersion = 1;

/// `style.timing` adds the timing breakdown to `lines` and `page`; `data` always has it.
Document scan_document(const Scan& scan, const ReportStyle& style);

/// The three parts of scan_document.
DataValue scan_data(const Scan& scan);
std::vector<Line> scan_lines(const Scan& scan, bool timing);
std::vector<Block> scan_page(const Scan& scan, bool timing);

/// True where a match rests on configuration and tokenizer alone, whatever the kit calls it.
bool has_metadata_matches(const Scan& scan);

}  // namespace prov::report
