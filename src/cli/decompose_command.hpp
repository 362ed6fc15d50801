#pragma once

#include "cli/environment.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "provenancekit/decompose.hpp"

namespace prov::cli {

using DecomposeFunction = Result<Decomposition> (*)(std::string_view child,
                                                    std::span<const std::string> candidates,
                                                    const DecomposeOptions& options);

/// `provenancekit decompose`: reads, decides and reports. Standard output stays empty unless all
/// went well.
ExitCode run_decompose(const DecomposeArguments& arguments, const Environment& environment,
                       DecomposeFunction decompose_model = decompose);

}  // namespace prov::cli
