// Is a quantised model what its scheme makes of another: the result as a Document.
#pragma once

#include "provenancekit/verify_quant.hpp"
#include "report/document.hpp"

namespace prov::report {

inline constexpr int kVerifyQuantSchemaVersion = 1;

Document verification_document(const QuantVerification& verification);

}  // namespace prov::report
