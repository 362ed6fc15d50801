#pragma once

#include "cli/environment.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace prov::cli {

/// `provenancekit cache`.
ExitCode run_cache(const CacheArguments& arguments, const Environment& environment);

}  // namespace prov::cli
