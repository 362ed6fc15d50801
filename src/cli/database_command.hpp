#pragma once

#include "cli/environment.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace prov::cli {

/// `provenancekit db`. Standard output stays empty unless all went well, but for what is damaged:
/// that is reported, with exit code 2.
ExitCode run_database(const DatabaseArguments& arguments, const Environment& environment);

}  // namespace prov::cli
