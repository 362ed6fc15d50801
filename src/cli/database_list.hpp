#pragma once

#include <stop_token>

#include "cli/database_location.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace prov::cli {

/// `provenancekit db list`: a thousand records at a time, so that memory does not grow with their
/// number. Damaged records are left out and named on standard error; the exit code is then 2.
ExitCode run_database_list(const DatabaseArguments& arguments, const DatabaseLocation& location,
                           const Environment& environment, std::stop_token stop);

}  // namespace prov::cli
