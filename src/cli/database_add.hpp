// `db add`: models, or fingerprints of models, become records.
#pragma once

#include "cli/database_actions.hpp"
#include "report/database_document.hpp"
#include "store/store.hpp"

namespace prov::cli {

/// Adds each operand: a fingerprint (.fp), or a model, whose weights are read. One that cannot be
/// read is left out and named. Errors: those of the database; cancelled.
Result<report::TransferRow> add_models(const ActionContext& context, const store::Store& target);

}  // namespace prov::cli
