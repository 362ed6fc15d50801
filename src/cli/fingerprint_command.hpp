#pragma once

#include "cli/environment.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace prov::cli {

/// `provenancekit fingerprint`: one `.fp` file for each model, several at a time. A model whose
/// file is there and sound, and that did not change since, is kept.
ExitCode run_fingerprint(const FingerprintArguments& arguments, const Environment& environment);

}  // namespace prov::cli
