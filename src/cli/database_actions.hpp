// What each action of `db` does, before anything is shown.
#pragma once

#include <stop_token>

#include "cli/database_location.hpp"
#include "cli/options.hpp"
#include "provenancekit/progress.hpp"
#include "report/document.hpp"

namespace prov::cli {

struct ActionContext {
  const DatabaseArguments& arguments;
  const DatabaseLocation& location;
  Progress* progress = nullptr;
  std::stop_token stop;
};

struct ActionResult {
  report::Document document;
  bool damaged = false;  // exit code 2, although there is a report
};

/// Every action but `list`.
Result<ActionResult> act_on_database(const ActionContext& context);

}  // namespace prov::cli
