#pragma once

#include "cli/database_actions.hpp"
#include "report/database_document.hpp"
#include "store/store.hpp"

namespace prov::cli {

/// `db build`: reads the models of a catalogue, some at a time, and adds a record of each. What an
/// earlier run added is passed over unless its files changed since; a record without weights gets
/// them. A model that fails is left out and named. What was added stays, whatever happens later.
Result<report::TransferRow> build_from_catalog(const ActionContext& context,
                                               const store::Store& target);

}  // namespace prov::cli
