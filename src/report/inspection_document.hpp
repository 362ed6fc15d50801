#pragma once

#include "provenancekit/inspect.hpp"
#include "report/document.hpp"

namespace prov::report {

/// Version of the JSON layout, the number in schema/inspect-<version>.schema.json.
inline constexpr int kInspectSchemaVersion = 1;

/// What a model or a fingerprint is made of.
Document inspection_document(const Inspection& inspection);

}  // namespace prov::report
