// The conditions of --fail-on: what a pipeline wants to stop at.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.hpp"
#include "provenancekit/result.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::cli {

struct FailCondition {
  std::string_view name;  // as typed after --fail-on
  bool (*holds)(const Lineage& lineage);
  ExitCode exit_code;
};

/// The conditions named in `lists`, each a comma-separated list. Error invalid_argument for an
/// unknown name.
Result<std::vector<const FailCondition*>> parse_fail_conditions(
    const std::vector<std::string>& lists);

/// The condition that decides the exit code: the first that holds; "inconclusive" only where no
/// other does. Null if none.
const FailCondition* fired_condition(std::span<const FailCondition* const> wanted,
                                     const Lineage& lineage);

}  // namespace prov::cli
