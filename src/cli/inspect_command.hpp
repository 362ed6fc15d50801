#pragma once

#include "cli/environment.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace prov::cli {

/// `provenancekit inspect`: what a model or a fingerprint is made of.
ExitCode run_inspect(const InspectArguments& arguments, const Environment& environment);

}  // namespace prov::cli
