#pragma once

#include "provenancekit/decompose.hpp"
#include "provenancekit/report.hpp"
#include "report/document.hpp"

namespace prov::report {

/// Version of the JSON layout, the number in schema/decompose-<version>.schema.json.
inline constexpr int kDecomposeSchemaVersion = 1;

Document decomposition_document(const Decomposition& decomposition);

/// The three parts of decomposition_document.
DataValue decomposition_data(const Decomposition& decomposition);
std::vector<Line> decomposition_lines(const Decomposition& decomposition);
std::vector<Block> decomposition_page(const Decomposition& decomposition);

}  // namespace prov::report
