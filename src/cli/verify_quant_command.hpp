#pragma once

#include "cli/environment.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace prov::cli {

/// Checks a quantised model against its source and writes the reports.
ExitCode run_verify_quant(const VerifyQuantArguments& arguments, const Environment& environment);

}  // namespace prov::cli
