#pragma once

#include "provenancekit/compare.hpp"
#include "provenancekit/report.hpp"
#include "report/document.hpp"

namespace prov::report {

/// Version of the JSON layout, the number in schema/compare-<version>.schema.json.
inline constexpr int kCompareSchemaVersion = 1;

/// `style.timing` adds the timing breakdown to `lines` and `page`; `data` always has it.
Document comparison_document(const Comparison& comparison, const ReportStyle& style);

/// The three parts of comparison_document.
DataValue comparison_data(const Comparison& comparison);
std::vector<Line> comparison_lines(const Comparison& comparison, bool timing);
std::vector<Block> comparison_page(const Comparison& comparison, bool timing);

}  // namespace prov::report
